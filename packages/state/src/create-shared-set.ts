import { randomUUID } from "node:crypto";
import { BOUNDS, STATE_DEFAULTS } from "./defaults.ts";
import { refuseUnknownKeys } from "./input/known-keys.ts";
import { type Copied, createLocalCopy } from "./local-copy.ts";
import { canPeek, PEEK } from "./peek.ts";
import type { SharedSet, SharedSetOptions } from "./shared-set.ts";
import { StateError } from "./state-error.ts";

const KNOWN: Record<keyof SharedSetOptions, true> = { store: true, name: true, maxAgeMs: true };

/** Longer than any process waits for its next listing; its end is a change like any other. */
const VERSION_TTL_MS = 24 * 60 * 60 * 1000;

/**
 * A set over any store. Its version is a random word, written after each change; the listing is the truth, the version only
 * says when to read it. Whoever sets the version back can delay a change by `maxAgeMs` and remove nothing.
 *
 * @throws {StateError} `invalid`: an option
 */
export function createSharedSet(options: SharedSetOptions): SharedSet {
  refuseUnknownKeys("createSharedSet", options, KNOWN);
  const { store, name, maxAgeMs = STATE_DEFAULTS.maxAgeMs } = options;
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    throw new StateError("invalid", "The name of a shared set is 1 to 32 lower-case letters, digits and dashes.");
  }
  if (!(maxAgeMs > 0)) throw new StateError("invalid", "maxAgeMs must be more than 0.");

  const versionKey = `set/${name}/version`;
  const prefix = `set/${name}/entry/`;
  const peek = canPeek(store) ? store : undefined;
  const copy = createLocalCopy();
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function bringUpToDate(): Promise<void> {
    const asked = performance.now();
    const version = await readVersion();
    // The version was read before the listing: a change in between shows as a new version next time.
    if (!copy.stands(version, maxAgeMs)) copy.replace(version, await listAll(), asked);
    copy.confirm(asked);
  }

  /**
   * A version that cannot be believed, because it is forged or because the clock of whoever wrote it is wrong, is one that
   * was never seen: the listing is read, and says the truth or that it cannot.
   */
  async function readVersion(): Promise<string | undefined> {
    try {
      return await store.get(versionKey);
    } catch (error) {
      if (error instanceof StateError && error.code === "tampered") return randomUUID();
      throw error;
    }
  }

  async function listAll(): Promise<Copied[]> {
    const all: Copied[] = [];
    let after: string | undefined;
    do {
      const page = await store.list(prefix, { limit: BOUNDS.maxListLimit / 2, ...(after !== undefined && { after }) });
      const listed = performance.now();
      for (const { key, value, expiresInMs } of page.entries) {
        all.push({ key: key.slice(prefix.length), value, expiresAt: listed + expiresInMs });
      }
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  async function changed(): Promise<void> {
    await store.put(versionKey, randomUUID(), { ttlMs: VERSION_TTL_MS });
  }

  /** Of several who remove it at once, one is told that it was there. */
  async function take(key: string): Promise<boolean> {
    for (;;) {
      const value = await store.get(key);
      if (value === undefined) return false;
      if (await store.compareAndDelete(key, value)) return true;
    }
  }

  return {
    refresh() {
      if (peek && copy.stands(peek[PEEK](versionKey), maxAgeMs)) {
        copy.confirm(performance.now());
        return undefined;
      }
      // Joining a read under way could miss what was added after it left; so those who come meanwhile share the next.
      next ??= last.then(() => {
        next = undefined;
        const reading = bringUpToDate();
        last = reading.catch(() => {});
        return reading;
      });
      return next;
    },
    get entries() {
      return copy.entries();
    },
    ageMs: () => copy.ageMs(),
    async add(key, value, { ttlMs }) {
      await store.put(prefix + key, value, { ttlMs });
      await changed();
    },
    async remove(key) {
      const was = await take(prefix + key).catch(async (error: unknown) => {
        if (!(error instanceof StateError && error.code === "tampered")) throw error;
        // Removing a forged entry is how an operator ends the refusal it causes.
        await store.delete(prefix + key);
        return true;
      });
      await changed();
      return was;
    },
  };
}
