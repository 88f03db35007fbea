/** `exitCode` 69 (EX_UNAVAILABLE): nothing is wrong but that a service is away; the same start may succeed later. */
export interface ConfigErrorOptions extends ErrorOptions {
  readonly exitCode?: 69;
}

/**
 * The server refuses to start. The message says what is wrong and what to write instead; it is for the operator, who
 * sees it on standard error, and the process ends with {@link exitCode}: 78 (EX_CONFIG, sysexits.h) unless a service is
 * merely away.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly exitCode: 69 | 78;

  constructor(message: string, { exitCode, ...options }: ConfigErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode ?? 78;
  }
}
