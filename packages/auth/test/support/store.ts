import { memoryStore, StateError, type StateStore } from "@hardened-mcp/state";

/** A store that can go away, and come back. */
export interface FragileStore extends StateStore {
  isAway: boolean;
}

export function fragileStore(): FragileStore {
  const inner = memoryStore();
  const reach = (): StateStore => {
    if (store.isAway) throw new StateError("unavailable", "away");
    return inner;
  };
  const store: FragileStore = {
    isAway: false,
    get: async (key) => await reach().get(key),
    put: async (key, value, options) => await reach().put(key, value, options),
    putIfAbsent: async (key, value, options) => await reach().putIfAbsent(key, value, options),
    compareAndDelete: async (key, value) => await reach().compareAndDelete(key, value),
    increment: async (key, by, options) => await reach().increment(key, by, options),
    list: async (prefix, options) => await reach().list(prefix, options),
    delete: async (key) => await reach().delete(key),
    close: async () => await inner.close(),
  };
  return store;
}
