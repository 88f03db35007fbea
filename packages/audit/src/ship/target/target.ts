import type { NoticeCode } from "../status.ts";

/** One thing to send. */
export type Item =
  | {
      readonly kind: "record";
      readonly log: string;
      readonly seq: number;
      readonly hash: string;
      readonly line: string;
    }
  /** A checkpoint: a signed note, whole, with its final line feed. */
  | { readonly kind: "note"; readonly log: string; readonly size: number; readonly note: string }
  /** Numbers do not go on where they ended. */
  | {
      readonly kind: "gap";
      readonly log: string;
      readonly code: NoticeCode;
      readonly from: number;
      readonly to: number;
    };

/** What a target says once it has taken a batch. */
export interface Receipt {
  /** Records that it refused for good. */
  readonly rejected: number;
}

/** A connection to where records or checkpoints go. One batch at a time. */
export interface Target {
  /** Items of one batch. */
  readonly batchRecords: number;
  /**
   * Resolves once the target has acknowledged all of them.
   *
   * @param signal gives up at once; whether the batch arrived is then unknown
   * @throws {ShipFailure}
   */
  send(items: readonly Item[], signal: AbortSignal): Promise<Receipt>;
  close(): void;
}

/**
 * An attempt has failed. `code` is short, from our own list or from Node's: what the other side said in words may hold
 * anything, and stays out of status, logs and records.
 */
export class ShipFailure extends Error {
  override readonly name = "ShipFailure";
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** The code of whatever was thrown. Node's codes are upper case and fixed; any other text is not passed on. */
export function failureCode(error: unknown): string {
  if (error instanceof ShipFailure) return error.code;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Za-z][A-Za-z0-9_]{1,63}$/.test(code) ? code : "failed";
}
