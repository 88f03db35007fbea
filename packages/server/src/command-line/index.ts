export { defaultAuditDir, realPathOf } from "./audit-dir.ts";
export { configFile } from "./config-file.ts";
export { COMMON_VARIABLES, type Variables } from "./environment.ts";
export { COMMON_FLAGS, type CommandLine, type CommonFlags, type FlagTable, parseCommandLine } from "./flags.ts";
export { type ConfigSources, configJsonSchema, loadConfig } from "./load-config.ts";
export { noAudit, print, printJson, versionOf } from "./print.ts";
export {
  type Project,
  type ProjectCommand,
  type ProjectParts,
  type ProjectServer,
  projectCommand,
} from "./project-command.ts";
export { exitCodeOf, type OpenedParts, runServer, type ServedConfig, type ServerToRun } from "./run-server.ts";
export {
  type CommandConfig,
  type PlacedConfig,
  type ServerCommand,
  type Start,
  serverCommand,
} from "./server-command.ts";
export { UsageError } from "./usage-error.ts";
