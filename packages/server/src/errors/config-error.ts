/**
 * The server refuses to start. The message says what is wrong and what to write instead; it is for the operator, who
 * sees it on standard error, and the process ends with exit code 78 (EX_CONFIG, sysexits.h).
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly exitCode = 78;
}
