export { nearest } from "../errors/nearest.ts";
export { type CommandLine, type FlagTable, parseCommandLine } from "./flags.ts";
export { UsageError } from "./usage-error.ts";
