export { StateError, type StateErrorCode } from "./state-error.ts";
export type { Counted, Page, StateStore } from "./store.ts";
