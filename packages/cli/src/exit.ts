/** Exit codes. Other people script against them. `audit verify` has its own, see `audit-verify.ts`. */
export const exit = { ok: 0, failure: 1, usage: 64 } as const;

/** The command line is wrong: printed with the command's usage, exit 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
