import type { StateStore } from "./store.ts";

/** Reads an entry without waiting, where a store can: a shared set is asked on every call. Not part of the interface. */
export const PEEK: unique symbol = Symbol("hardened-mcp.state.peek");

export interface Peekable {
  readonly [PEEK]: (key: string) => string | undefined;
}

export function canPeek(store: StateStore): store is StateStore & Peekable {
  return PEEK in store;
}
