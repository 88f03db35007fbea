export { holdSubjectTokens, subjectTokenOf } from "./kept.ts";
