/** Why numbers do not go on where they ended, or what a target would not take. */
export type NoticeCode =
  /** Segments were deleted before they were sent. */
  | "pruned"
  /** The log is shorter than what was sent: it was cut, or restored from an older copy. */
  | "log_cut"
  /** A record that was sent is another one now. */
  | "log_changed"
  /** The cursor speaks of another log. */
  | "other_log"
  | "cursor_damaged"
  /** The collector took a batch and refused records in it (OTLP partial success). */
  | "rejected";

/** Something that is said once. Sending goes on at `to`. */
export interface Notice {
  readonly code: NoticeCode;
  readonly from: number;
  readonly to: number;
  /** ISO 8601. */
  readonly at: string;
}

/** How far one log has got to one target. */
export interface TargetStatus {
  readonly name: string;
  readonly kind: "export" | "anchor";
  /** Folder of the log. */
  readonly dir: string;
  /** `elsewhere`: another process ships this log to it. `waiting`: the log has no record yet. */
  readonly state: "waiting" | "ok" | "failing" | "elsewhere" | "stopped";
  /** Everything below this number was acknowledged. */
  readonly next: number;
  /** Records written and not acknowledged; of an anchor, records that no acknowledged checkpoint covers. */
  readonly behind: number;
  /** ISO 8601. */
  readonly failingSince?: string | undefined;
  /** `http_401`, `busy`, `timeout`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `damaged`, ... Never a target's own words. */
  readonly lastError?: string | undefined;
  readonly lastNotice?: Notice | undefined;
}
