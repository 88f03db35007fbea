import { describeGaps, type WalkGaps } from "../walk/walk.ts";
import { encodeCursor, type Position } from "./cursor.ts";
import type { Page } from "./file-tool.ts";

/** The official server's words for a search without a result; also those of a last page that has nothing more. */
export const NOTHING = "No matches found";

/** Puts a page together: its lines, what was not seen, and where to go on. */
export function finishPage(lines: string, gaps: WalkGaps, query: unknown, next: Position | undefined): Page {
  const gap = describeGaps(gaps);
  const content = gap === "" ? lines : `${lines}\n${gap}`;
  return next === undefined ? { content } : { content, nextCursor: encodeCursor(query, next) };
}
