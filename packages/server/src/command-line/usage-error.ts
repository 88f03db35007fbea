/** The command line cannot be understood. The process ends with exit code 64 (EX_USAGE, sysexits.h). */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 64;
}
