export { createSharedSet } from "./create-shared-set.ts";
export { STATE_DEFAULTS } from "./defaults.ts";
export { type MemoryStoreOptions, memoryStore } from "./memory/memory-store.ts";
export { openState } from "./open/open-state.ts";
export type { OpenStateOptions, StateTls } from "./open/options.ts";
export type { SharedSet, SharedSetOptions } from "./shared-set.ts";
export { StateError, type StateErrorCode } from "./state-error.ts";
export type { Counted, Entry, Page, StateStore } from "./store.ts";
