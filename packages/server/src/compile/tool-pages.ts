import { isClearName } from "../define/names.ts";
import { refuseCursor } from "./cursor.ts";
import type { ListedOnce } from "./listed-once.ts";

/** Bounds of one page of `tools/list`. A single tool that is larger is a page of its own. */
export const TOOL_PAGE = { maxTools: 100, maxBytes: 256 * 1024 } as const;

/** One tool of a listing. */
export interface PagedTool {
  readonly name: string;
  readonly listed: ListedOnce;
}

/** A page of what a caller may see, and the cursor of the next one. */
export interface ToolPage {
  readonly tools: readonly ListedOnce[];
  readonly nextCursor: string | undefined;
}

/**
 * Cuts a listing into pages. What fits on one is listed in the order of its definition and has no cursor. Else tools are in the order of
 * their names, and a cursor holds the name of the last one shown: a page goes on after it, whatever the caller may see by then, on any
 * replica. Any name is accepted, so that nobody learns from a cursor which names exist.
 */
export function createToolPages<Tool extends PagedTool>(
  tools: readonly Tool[],
): (cursor: string | undefined, maySee: (tool: Tool) => boolean) => ToolPage {
  let order: Order<Tool> | undefined;
  return (cursor, maySee) => {
    order ??= orderOf(tools);
    const { ordered, isOnePage } = order;
    if (isOnePage && cursor !== undefined) refuseCursor();
    let at = cursor === undefined ? 0 : firstAfter(ordered, nameOf(cursor));
    const page: Tool[] = [];
    let bytes = 0;
    for (; at < ordered.length; at++) {
      const tool = ordered[at] as Tool;
      if (!maySee(tool)) continue;
      const isFull = page.length === TOOL_PAGE.maxTools || bytes + tool.listed.bytes > TOOL_PAGE.maxBytes;
      if (isFull && page.length > 0)
        return { tools: page.map(listedOf), nextCursor: cursorAfter((page.at(-1) as Tool).name) };
      page.push(tool);
      bytes += tool.listed.bytes;
    }
    return { tools: page.map(listedOf), nextCursor: undefined };
  };
}

interface Order<Tool> {
  readonly ordered: readonly Tool[];
  readonly isOnePage: boolean;
}

/** Found out when it is first needed: it takes the size of every listing. */
function orderOf<Tool extends PagedTool>(tools: readonly Tool[]): Order<Tool> {
  const isOnePage = tools.length <= TOOL_PAGE.maxTools && sizeOf(tools) <= TOOL_PAGE.maxBytes;
  return { isOnePage, ordered: isOnePage ? tools : tools.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

const listedOf = ({ listed }: PagedTool): ListedOnce => listed;

function sizeOf(tools: readonly PagedTool[]): number {
  return tools.reduce((sum, { listed }) => sum + listed.bytes, 0);
}

const PREFIX = "after:";

function cursorAfter(name: string): string {
  return Buffer.from(PREFIX + name, "latin1").toString("base64url");
}

function nameOf(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const name = text.slice(PREFIX.length);
  // Decoding skips what it does not know: a cursor of ours is exactly what encoding gives.
  if (!text.startsWith(PREFIX) || !isClearName(name) || cursorAfter(name) !== cursor) refuseCursor();
  return name;
}

/** Index of the first tool whose name is greater. */
function firstAfter(ordered: readonly PagedTool[], name: string): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] as PagedTool).name > name) high = middle;
    else low = middle + 1;
  }
  return low;
}
