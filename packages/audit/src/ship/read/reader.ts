import type { Cursor } from "../cursor.ts";
import type { NoticeCode } from "../status.ts";
import type { Item } from "../target/target.ts";

/** Where numbers do not go on. */
export interface Break {
  readonly code: NoticeCode;
  readonly from: number;
  readonly to: number;
}

/** What to send next, and where that leads. */
export interface Batch {
  readonly items: readonly Item[];
  readonly after: Cursor;
  /** As many as were allowed: there may be more at once. */
  readonly full: boolean;
}

/** Reads one log for one target. It keeps no position: that is the cursor, and moves only when the target has it. */
export interface Reader {
  /** Where to go on after `stored`, and what is to be said of it; undefined while there is nothing in the log. */
  resume(stored: Cursor | "missing" | "damaged"): Promise<{ cursor: Cursor; breaks: readonly Break[] } | undefined>;
  /** @returns undefined when there is nothing new @throws {Restart} or {ShipFailure} `damaged` */
  next(at: Cursor, maxItems: number): Promise<Batch | undefined>;
  /** What `next` will be when everything is sent. */
  newest(): number;
  close(): Promise<void>;
}

/** The log is not what the cursor has seen: resume from the stored cursor, which then says what is wrong. */
export class Restart extends Error {
  override readonly name = "Restart";
}
