import type { Root } from "@hardened-mcp/safe-path";
import type { CallLimits } from "@hardened-mcp/server";
import type { List, Listings } from "./walk/listings.ts";

/** What every tool of this server works on. Sizes in bytes. */
export interface FilesContext {
  readonly roots: readonly Root[];
  readonly list: List;
  /** The same for one directory that may be large: other calls go on meanwhile. */
  readonly listSoon: Listings["soon"];
  /** Largest file that is read whole. */
  readonly maxReadBytes: number;
  /** Largest file that search_content looks into. */
  readonly maxSearchFileBytes: number;
  /** Most text in one answer. */
  readonly maxResultBytes: number;
  /** What audit records show of a path. */
  readonly auditPaths: "hash" | "plain";
  /** Of the tools that walk a tree. */
  readonly walkLimits: CallLimits;
  /** Milliseconds after which a search ends its page and hands out a cursor, so that it does not end in a timeout. */
  readonly pageMs: number;
}

/** Every tool and resource here is a read under this scope. */
export const READ_SCOPE = "files:read";
