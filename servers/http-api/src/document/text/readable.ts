import { findHidden } from "@hardened-mcp/redact";
import { seemsInstruction, seemsOrder } from "./instructions.ts";

/** The server's own lint refuses a text of 4,097. */
const MAX_TEXT = 1024;
/** One word, of which no order is made. Most names are one. */
const ONE_WORD = /^[A-Za-z]?[a-z0-9]*$/;

/** Whether a model may read a name, a choice or a pattern: nothing in it that a person would not see, and no orders. */
export function isReadable(text: string): boolean {
  if (text.length > MAX_TEXT) return false;
  if (ONE_WORD.test(text)) return true;
  if (findHidden(text).length > 0 || seemsOrder(text)) return false;
  return !/\s/.test(text) || !seemsInstruction(text);
}
