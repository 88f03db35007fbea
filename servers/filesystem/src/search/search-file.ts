import { PathError } from "@hardened-mcp/safe-path";
import type { FilesContext } from "../context.ts";
import { readBytes } from "../read/bytes.ts";
import type { Pacer } from "../walk/pacer.ts";
import type { FoundLine, LineMatcher } from "./line-matcher.ts";
import type { SearchTarget } from "./open-search.ts";
import { showLines } from "./show-lines.ts";

const BINARY_CHECK_BYTES = 8 * 1024;

export interface FileSearch {
  /** Lines of context. */
  readonly around: number;
  /** Findings up to this line were on the page before. */
  readonly afterLine: number;
  /** Most findings to take. */
  readonly most: number;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
}

export interface FileFindings {
  readonly text: string;
  readonly count: number;
  /** Set when the file may hold more: the line of the last finding taken. */
  readonly lastLine: number | undefined;
}

/** Searches one file. `undefined` when it is not searched: binary, too large, refused, or gone since it was listed. */
export async function searchFile(
  context: FilesContext,
  target: SearchTarget,
  matcher: LineMatcher,
  search: FileSearch,
): Promise<FileFindings | undefined> {
  const bytes = await readTarget(context, target, search.signal);
  if (bytes === undefined || bytes.subarray(0, BINARY_CHECK_BYTES).includes(0)) return undefined;
  const found: FoundLine[] = [];
  for (const one of matcher(bytes)) {
    if (search.pacer.due()) await search.pacer.rest();
    if (one === undefined || one.line <= search.afterLine) continue;
    found.push(one);
    if (found.length === search.most) return { ...shown(bytes, found, search.around), lastLine: one.line };
  }
  return { ...shown(bytes, found, search.around), lastLine: undefined };
}

function shown(bytes: Buffer, found: readonly FoundLine[], around: number): { text: string; count: number } {
  return { text: showLines(bytes, found, around), count: found.length };
}

async function readTarget(
  context: FilesContext,
  target: SearchTarget,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  try {
    using file = target.open();
    if (file.stat.size > context.maxSearchFileBytes) return undefined;
    return await readBytes(file, 0, file.stat.size, signal);
  } catch (error) {
    if (error instanceof PathError) return undefined;
    throw error;
  }
}
