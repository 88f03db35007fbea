import { checkedStore } from "../checked.ts";
import { STATE_DEFAULTS } from "../defaults.ts";
import { refuseUnknownKeys } from "../input/known-keys.ts";
import { PEEK, type Peekable } from "../peek.ts";
import type { StateStore } from "../store.ts";
import { memoryDriver } from "./driver.ts";

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Milliseconds on a clock that never goes back; for tests of expiry. */
  readonly now?: () => number;
  /** Beyond it new entries are refused as `unavailable`, and none is forgotten. 1,000,000 */
  readonly maxEntries?: number;
}

const KNOWN: Record<keyof MemoryStoreOptions, true> = { now: true, maxEntries: true };

/**
 * State of one process, gone with it: for tests, and for a server of which there is exactly one.
 *
 * Time is monotonic, so setting the machine's clock neither revives nor ends an entry.
 */
export function memoryStore(options: MemoryStoreOptions = {}): StateStore {
  refuseUnknownKeys("memoryStore", options, KNOWN);
  const { now = () => performance.now(), maxEntries = STATE_DEFAULTS.maxEntries } = options;
  const driver = memoryDriver(now, maxEntries);
  const store: StateStore & Peekable = { ...checkedStore(driver), [PEEK]: driver.peek };
  return store;
}
