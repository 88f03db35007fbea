import type { Driver } from "../driver.ts";
import { StateError } from "../state-error.ts";
import { createSealer, type Opened } from "./seal.ts";

/** Options of {@link sealed}. */
export interface SealOptions {
  readonly namespace: string;
  readonly macKeys: readonly Buffer[];
  readonly maxSkewMs: number;
  /** Wall clock in milliseconds; `Date.now` unless a test says otherwise. */
  readonly now?: () => number;
}

/** How often a value may be renewed under a compareAndDelete before it gives up. */
const MAX_ATTEMPTS = 8;

/**
 * Seals what goes into a store and refuses what comes out of it otherwise: whoever can write to the store (another tenant, a
 * leaked password) can neither forge a grant, nor move one to another key, nor make it last longer.
 *
 * It cannot see that an entry was removed, or that an older entry of the same key was put back; and counts are bare numbers.
 */
export function sealed(driver: Driver, { namespace, macKeys, maxSkewMs, now = Date.now }: SealOptions): Driver {
  const sealer = createSealer(namespace, macKeys);

  function seal(key: string, value: string, ttlMs: number): string {
    return sealer.seal(key, value, now() + ttlMs);
  }

  function open(key: string, text: string): Opened {
    const opened = sealer.open(key, text);
    if (!opened) {
      throw new StateError(
        "tampered",
        "The state store returned an entry that this deployment did not write under this key. Find out who else can write to the store; if macKeys were changed, keep the old ones on the list.",
      );
    }
    // The store decides when an entry ends. This only bounds what a store, or somebody in it, can add.
    if (opened.expiresAt + maxSkewMs < now()) {
      throw new StateError(
        "tampered",
        `The state store returned an entry ${maxSkewMs} ms or more after its end. Either somebody extended it there, or a clock is wrong.`,
      );
    }
    return opened;
  }

  return {
    ...driver,
    async get(key) {
      const text = await driver.get(key);
      return text === undefined ? undefined : open(key, text).value;
    },
    put: (key, value, ttlMs) => driver.put(key, seal(key, value, ttlMs), ttlMs),
    putIfAbsent: (key, value, ttlMs) => driver.putIfAbsent(key, seal(key, value, ttlMs), ttlMs),
    async compareAndDelete(key, value) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const text = await driver.get(key);
        if (text === undefined || open(key, text).value !== value) return false;
        // The very text that was verified, or nothing: the store deletes it for one caller alone.
        if (await driver.compareAndDelete(key, text)) return true;
        // Taken by another, or put anew with the same value and a later end: look again.
      }
      throw new StateError("unavailable", "An entry changed again and again while it was compared.");
    },
    async list(prefix, after, limit) {
      const page = await driver.list(prefix, after, limit);
      const entries = page.entries.map(({ key, value: text, expiresInMs }) => {
        const { value, expiresAt } = open(key, text);
        return { key, value, expiresInMs: Math.min(expiresInMs, expiresAt + maxSkewMs - now()) };
      });
      return { entries, next: page.next };
    },
  };
}
