import type { Cell } from "../../cells.ts";
import { cutText } from "../../cut-text.ts";

/** A character is at most six bytes of JSON (`\\u001f`), and a text has two quotes. */
const MOST_JSON_BYTES = 6;
const QUOTES = 2;

/**
 * A cell, cut where it needs more than `maxBytes` as JSON. A cut text ends in a mark that says how long the whole is; cut bytes say it
 * beside them; an array that is too long is its text, cut.
 *
 * @param text the value as the server wrote it
 */
export function cutCell(cell: Cell, text: string, maxBytes: number): { readonly cell: Cell; readonly isCut: boolean } {
  if (text.length * MOST_JSON_BYTES + QUOTES <= maxBytes) return { cell, isCut: false };
  if (jsonBytes(cell) <= maxBytes) return { cell, isCut: false };
  if (isBlob(cell)) {
    const bytes = Buffer.byteLength(cell.base64, "base64");
    const room = maxBytes - JSON.stringify({ base64: "", bytes }).length;
    return { cell: { base64: cell.base64.slice(0, Math.max(0, room - (room % 4))), bytes }, isCut: true };
  }
  return { cell: cutText(typeof cell === "string" ? cell : text, maxBytes), isCut: true };
}

export function jsonBytes(cells: Cell): number {
  return Buffer.byteLength(JSON.stringify(cells));
}

function isBlob(cell: Cell): cell is { readonly base64: string } {
  return typeof cell === "object" && cell !== null && "base64" in cell;
}
