import type { SharedSet } from "@hardened-mcp/state";

import { nameOf, type Revocation, targetName } from "./revocation.ts";
import { readStored } from "./stored.ts";

/** The entries of a shared set, read, by the name of their target. */
export interface RevocationIndex {
  /** @throws {StateError} `tampered`: an entry cannot be read; again on each call, until it is gone */
  current(): ReadonlyMap<string, Revocation>;
}

interface Read {
  readonly text: string;
  readonly revocation: Revocation;
}

/** Reads again only what is new: the set makes a new map for every change, and for every listing. */
export function createRevocationIndex(set: Pick<SharedSet, "entries">): RevocationIndex {
  let seen: ReadonlyMap<string, string> | undefined;
  let read: ReadonlyMap<string, Read> = new Map();
  let byName: ReadonlyMap<string, Revocation> = new Map();

  function readAll(entries: ReadonlyMap<string, string>): void {
    const nowRead = new Map<string, Read>();
    const named = new Map<string, Revocation>();
    for (const [key, text] of entries) {
      const known = read.get(key);
      const entry = known?.text === text ? known : { text, revocation: readStored(key, text) };
      const { target } = entry.revocation;
      nowRead.set(key, entry);
      named.set(targetName(target.kind, target.issuer, nameOf(target)), entry.revocation);
    }
    read = nowRead;
    byName = named;
  }

  return {
    current() {
      const { entries } = set;
      if (entries !== seen) {
        readAll(entries);
        seen = entries;
      }
      return byName;
    },
  };
}
