import type CachePolicy from "http-cache-semantics";

/** A whole answer, and until when it may be given again. */
export interface Stored {
  readonly policy: CachePolicy;
  readonly body: Uint8Array;
  /** What a write to it makes wrong. */
  readonly path: string;
}

/** Answers by key, bounded in bytes; the one that was not used for the longest goes first. */
export interface Store {
  get(key: string): Stored | undefined;
  /** @returns nothing; one that is larger than the whole store is not kept */
  put(key: string, stored: Stored): void;
  delete(key: string): void;
  deletePath(path: string): void;
  readonly bytes: number;
}

/** About what an entry takes beside its body: the policy's objects, the maps' places. */
const OVERHEAD_BYTES = 1_024;

export function createStore(maxBytes: number): Store {
  const entries = new Map<string, { readonly stored: Stored; readonly bytes: number }>();
  const paths = new Map<string, Set<string>>();
  let bytes = 0;

  function remove(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= entry.bytes;
    const keys = paths.get(entry.stored.path);
    keys?.delete(key);
    if (keys?.size === 0) paths.delete(entry.stored.path);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.stored;
    },
    put(key, stored) {
      remove(key);
      const headers = JSON.stringify(stored.policy.toObject()).length;
      const size = stored.body.byteLength + 2 * (key.length + headers) + OVERHEAD_BYTES;
      if (size > maxBytes) return;
      entries.set(key, { stored, bytes: size });
      bytes += size;
      const keys = paths.get(stored.path) ?? new Set();
      paths.set(stored.path, keys.add(key));
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
    delete: remove,
    deletePath(path) {
      for (const key of paths.get(path) ?? []) remove(key);
    },
    get bytes() {
      return bytes;
    },
  };
}
