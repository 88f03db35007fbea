export { type FailedStart, failedStart, printedSchema, type StartOptions } from "./project.ts";
export { type Answer, codeOf, type Generation, type Session } from "./session.ts";
export { type Caller, openStdio, startHttp } from "./start.ts";
export { type TestEnd, tempFolder } from "./temp-folder.ts";
