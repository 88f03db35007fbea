/** Exit codes. Other people script against them. `audit verify` has its own, see `audit/verify.ts`. */
export const exit = { ok: 0, failure: 1, usage: 64, unavailable: 69, cannotWrite: 73, configuration: 78 } as const;

/** The command line is wrong: printed with the command's usage, exit 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command line is right and it went wrong all the same: printed without the usage, ends with `exitCode`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
