/**
 * Why the audit log refused.
 *
 * - `locked`: another live process writes this log.
 * - `too_many`: every sub-log of a shared folder is taken.
 * - `insecure`: the folder or a file in it is a link, belongs to another user, or others may write to it.
 * - `wrong_server`: the folder holds another server's log.
 * - `wrong_key`: the log's checkpoints are another key's, and no rotation led to this one.
 * - `damaged`: records on disk do not form a chain; run `hardened-mcp audit verify DIR`.
 * - `unreadable`: there is no log to read in the folder, or this user may not read it.
 * - `unavailable`: the log cannot promise durability (disk error, closed, queue full). Callers refuse the work.
 * - `invalid`: an option or a value that cannot be recorded.
 */
export type AuditErrorCode =
  | "locked"
  | "too_many"
  | "insecure"
  | "wrong_server"
  | "wrong_key"
  | "damaged"
  | "unreadable"
  | "unavailable"
  | "invalid";

/** The one error of this package. Messages are for operators: they may name paths and must not reach a client. */
export class AuditError extends Error {
  override readonly name = "AuditError";
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
