import type { SourceRules } from "../rules/rules.ts";
import type { SourceLimits } from "../source.ts";

/** How a SQLite file is served. */
export interface SqliteOptions {
  /** The database file; it must exist. */
  readonly file: string;
  readonly rules?: SourceRules;
  readonly limits?: Partial<SourceLimits>;
  /** Switches {@link SqlSource.execute} on, for tables whose rules name the change, or every table where there are no rules. Default false. */
  readonly writable?: boolean;
  /** Processes that run statements; each runs one at a time. Default 2. */
  readonly processes?: number;
  /** Key of `hash` masks, at least 32 bytes. Default: drawn at start, so digests do not compare across starts. */
  readonly maskKey?: Uint8Array;
  /** Signs cursors, at least 32 bytes; replicas share it. Default: from `maskKey`, else drawn at start: a cursor ends with its process. */
  readonly cursorKey?: Uint8Array;
}
