import { createSharedSet, type StateStore } from "@hardened-mcp/state";
import { refuseUnknownKeys } from "../text/known-keys.ts";
import { createSnapshot, type Snapshot } from "./snapshot.ts";
import { readEntry, type Switch, type SwitchEntry, switchKey, writeEntry } from "./switch.ts";

/** Switches as every replica sees them. */
export interface Switches {
  /**
   * Brings the local copy up to date. `undefined`: nothing had to be waited for.
   *
   * @throws {StateError} the state is away, or holds what nobody here wrote
   * @throws {TypeError} the state holds a switch of another version; the copy stays as it was
   */
  refresh(): Promise<void> | undefined;
  /** What was set when the copy was last brought up to date, oldest first. */
  list(): readonly SwitchEntry[];
  /** Sets a switch, for good unless `forMs` says for how long. Setting it again replaces who and why. */
  set(what: Switch, by: SwitchReason): Promise<void>;
  /** Whether it was set. */
  clear(what: Switch): Promise<boolean>;
  /** The local copy, parsed; what policies ask. */
  snapshot(): Snapshot;
  /** Milliseconds since the copy was last known to be true; `Infinity` before the first time. */
  ageMs(): number;
}

/** Who sets a switch, and why. */
export interface SwitchReason {
  readonly who: string;
  readonly why: string;
  /** Milliseconds until it clears itself. Default: ten years, the longest that a state keeps anything. */
  readonly forMs?: number;
}

/** What became different between two looks. A switch set anew by someone else is in both. */
export interface SwitchChange {
  readonly added: readonly SwitchEntry[];
  readonly removed: readonly SwitchEntry[];
}

/** Options of {@link createSwitches}. */
export interface SwitchesOptions {
  readonly store: StateStore;
  /** Told of each change once, when this process sees it, so that it goes on record. What is set at start is added then. */
  readonly onChange?: (change: SwitchChange) => void;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const OPTION_KEYS: Readonly<Record<keyof SwitchesOptions, true>> = { store: true, onChange: true, now: true };
const REASON_KEYS: Readonly<Record<keyof SwitchReason, true>> = { who: true, why: true, forMs: true };
const UNTIL_CLEARED_MS = 3_650 * 24 * 60 * 60 * 1000;

/** @throws {TypeError} an unknown option */
export function createSwitches(options: SwitchesOptions): Switches {
  refuseUnknownKeys("createSwitches", options, OPTION_KEYS);
  const { store, onChange, now = Date.now } = options;
  const set = createSharedSet({ store, name: "switches" });
  let seen: ReadonlyMap<string, string> = new Map();
  let snapshot = createSnapshot(new Map());

  /** The copy is a new Map whenever something in it is new, and when an entry has run out. */
  function current(): Snapshot {
    const { entries } = set;
    if (entries === seen) return snapshot;
    const before = snapshot.entries;
    const after = new Map([...entries].map(([key, value]) => [key, readEntry(key, value)]));
    const change: SwitchChange = {
      added: [...after].filter(([key]) => entries.get(key) !== seen.get(key)).map(([, entry]) => entry),
      removed: [...before].filter(([key]) => entries.get(key) !== seen.get(key)).map(([, entry]) => entry),
    };
    // First on record, then in force: where it cannot be recorded, it is tried again with the next look.
    if (change.added.length > 0 || change.removed.length > 0) onChange?.(change);
    seen = entries;
    snapshot = createSnapshot(after);
    return snapshot;
  }

  return {
    refresh() {
      const waiting = set.refresh();
      if (waiting !== undefined) return waiting.then(() => void current());
      current();
      return undefined;
    },
    list: () => [...current().entries.values()].sort((a, b) => a.at - b.at),
    async set(what, by) {
      refuseUnknownKeys("A switch", by, REASON_KEYS);
      const { who, why, forMs = UNTIL_CLEARED_MS } = by;
      await set.add(switchKey(what), writeEntry({ what, who, why, at: now() }), { ttlMs: forMs });
    },
    clear: (what) => set.remove(switchKey(what)),
    snapshot: current,
    ageMs: () => set.ageMs(),
  };
}
