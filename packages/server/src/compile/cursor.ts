import { refuse } from "../errors/call-error.ts";

export function refuseCursor(): never {
  refuse("invalid_input", "The cursor is not one this server gave.", { rule: "cursor" });
}
