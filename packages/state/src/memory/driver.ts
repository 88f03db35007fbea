import { type Driver, pageOf } from "../driver.ts";
import { StateError } from "../state-error.ts";
import type { Entry, Page } from "../store.ts";

interface Held<T> {
  value: T;
  readonly expiresAt: number;
}

/** Entries and counts of one process, in two maps (no object: `__proto__` is a key like any other). */
export interface MemoryDriver extends Driver {
  /** `get` without waiting. */
  peek(key: string): string | undefined;
}

export function memoryDriver(now: () => number, maxEntries: number): MemoryDriver {
  const entries = new Map<string, Held<string>>();
  const counts = new Map<string, Held<number>>();
  const spaces = [entries, counts];

  function live<T>(space: Map<string, Held<T>>, key: string): Held<T> | undefined {
    const held = space.get(key);
    if (held && held.expiresAt > now()) return held;
    if (held) space.delete(key);
    return undefined;
  }

  function hold<T>(space: Map<string, Held<T>>, key: string, value: T, ttlMs: number): void {
    if (!space.has(key)) makeRoom();
    space.set(key, { value, expiresAt: now() + ttlMs });
  }

  // Nobody asks again for a used replay id: expired entries leave a few at a time, oldest first, with each write.
  let sweep: Iterator<() => void> = expired();
  function makeRoom(): void {
    for (let step = 0; step < 4; step++) {
      const next = sweep.next();
      if (next.done) sweep = expired();
      else next.value();
    }
    if (entries.size + counts.size < maxEntries) return;
    for (const remove of expired()) remove();
    if (entries.size + counts.size < maxEntries) return;
    // Forgetting another entry would let a replay or a revoked token through.
    throw new StateError("unavailable", `The memory store is full: ${maxEntries} entries, none of them expired.`);
  }

  function* expired(): Generator<() => void> {
    for (const space of spaces) {
      for (const [key, held] of space) yield () => void (held.expiresAt <= now() && space.delete(key));
    }
  }

  return {
    peek: (key) => live(entries, key)?.value,
    get: async (key) => live(entries, key)?.value,
    async put(key, value, ttlMs) {
      hold(entries, key, value, ttlMs);
    },
    async putIfAbsent(key, value, ttlMs) {
      if (live(entries, key)) return false;
      hold(entries, key, value, ttlMs);
      return true;
    },
    async compareAndDelete(key, value) {
      return live(entries, key)?.value === value && entries.delete(key);
    },
    async increment(key, by, ttlMs) {
      const held = live(counts, key);
      if (!held) {
        hold(counts, key, by, ttlMs);
        return { value: by, expiresInMs: ttlMs };
      }
      held.value += by;
      return { value: held.value, expiresInMs: Math.max(1, Math.ceil(held.expiresAt - now())) };
    },
    async list(prefix, after, limit): Promise<Page> {
      const time = now();
      const start = after === undefined ? undefined : Buffer.from(after);
      const found: { bytes: Buffer; entry: Entry }[] = [];
      for (const [key, { value, expiresAt }] of entries) {
        if (!key.startsWith(prefix) || expiresAt <= time) continue;
        // Bytes, like every other driver: the order of UTF-16 differs from it beyond U+FFFF.
        const bytes = Buffer.from(key);
        if (start !== undefined && bytes.compare(start) <= 0) continue;
        found.push({ bytes, entry: { key, value, expiresInMs: Math.ceil(expiresAt - time) } });
      }
      found.sort((a, b) => a.bytes.compare(b.bytes));
      return pageOf(
        found.slice(0, limit + 1).map(({ entry }) => entry),
        limit,
      );
    },
    async delete(key) {
      entries.delete(key);
      counts.delete(key);
    },
    async probe() {},
    async close() {
      entries.clear();
      counts.clear();
    },
  };
}
