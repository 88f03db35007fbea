import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "../../src/driver.ts";
import { createSharedSet, type StateStore } from "../../src/index.ts";
import { until } from "../support/test-server.ts";

const LONG = { ttlMs: 60_000 };

/** Two replicas' stores, sealed, and a way into the store past the seal. */
export interface SharedSetScene {
  readonly first: StateStore;
  readonly second: StateStore;
  readonly attacker: Driver;
}

/** What a shared set promises over any store. */
export function sharedSets(name: string, open: () => Promise<SharedSetScene>): void {
  describe(`a shared set over ${name}`, () => {
    let scene: SharedSetScene;
    beforeAll(async () => {
      scene = await open();
    });
    afterAll(() => Promise.all([scene.first.close(), scene.second.close(), scene.attacker.close()]));

    function replicas(maxAgeMs = 30_000) {
      const set = `s-${randomUUID().slice(0, 8)}`;
      const counted = countReads(scene.second);
      const here = createSharedSet({ store: scene.first, name: set, maxAgeMs });
      const there = createSharedSet({ store: counted.store, name: set, maxAgeMs });
      return { set, here, there, reads: counted.reads };
    }

    test("shows a change on every replica with its next refresh", async () => {
      const { here, there } = replicas();
      await there.refresh();
      expect([...there.entries]).toEqual([]);
      await here.add("tool:delete", "off", LONG);
      await there.refresh();
      expect([...there.entries]).toEqual([["tool:delete", "off"]]);
      expect(await there.remove("tool:delete")).toBe(true);
      expect(await there.remove("tool:delete")).toBe(false);
      await here.refresh();
      expect(here.entries.size).toBe(0);
    });

    test("reads one key where nothing changed, and once for all who ask at the same time", async () => {
      const { here, there, reads } = replicas();
      await here.add("a", "1", LONG);
      await there.refresh();
      reads.length = 0;
      await there.refresh();
      expect(reads).toEqual(["get"]);
      await Promise.all(Array.from({ length: 100 }, () => there.refresh()));
      expect(reads).toEqual(["get", "get"]);
    });

    test("a refresh asked for after a change never joins a read from before it", async () => {
      const { here, there } = replicas();
      for (let round = 0; round < 30; round++) {
        const early = there.refresh();
        await here.add(`key ${round}`, "revoked", LONG);
        const late = there.refresh();
        await late;
        expect(there.entries.has(`key ${round}`)).toBe(true);
        await early;
      }
    });

    test("holds hundreds of entries, over several pages", async () => {
      const { here, there } = replicas();
      await Promise.all(Array.from({ length: 1_201 }, (_, index) => here.add(`jti ${index}`, String(index), LONG)));
      await there.refresh();
      expect(there.entries.size).toBe(1_201);
      expect(there.entries.get("jti 1200")).toBe("1200");
    });

    test("leaves an entry out when its time is over, without asking the store", async () => {
      const { here, there, reads } = replicas();
      await here.add("brief", "1", { ttlMs: 300 });
      await here.add("long", "1", LONG);
      await there.refresh();
      expect(there.entries.size).toBe(2);
      reads.length = 0;
      await until("the brief one is gone", () => there.entries.size === 1);
      expect([...there.entries.keys()]).toEqual(["long"]);
      expect(reads).toEqual([]);
    });

    test("knows its age", async () => {
      const { there } = replicas();
      expect(there.ageMs()).toBe(Number.POSITIVE_INFINITY);
      await there.refresh();
      expect(there.ageMs()).toBeLessThan(5_000);
    });

    test("sees an entry whose version was never written, once the copy is too old", async () => {
      const { set, there } = replicas(100);
      await there.refresh();
      await scene.first.put(`set/${set}/entry/lost`, "1", LONG);
      await until("the set was listed again", async () => {
        await there.refresh();
        return there.entries.has("lost");
      });
    });

    test("loses nothing when somebody removes or sets back the version", async () => {
      const { set, here, there } = replicas();
      const version = `set/${set}/version`;
      await here.add("revoked", "1", LONG);
      await there.refresh();
      const older = String(await scene.attacker.get(version));
      await scene.attacker.delete(version);
      await there.refresh();
      expect([...there.entries.keys()]).toEqual(["revoked"]);
      await here.add("revoked too", "1", LONG);
      await there.refresh();
      await scene.attacker.put(version, older, 60_000);
      await there.refresh();
      expect([...there.entries.keys()].sort()).toEqual(["revoked", "revoked too"]);
    });

    test("reads the listing each time while the version is forged", async () => {
      const { set, here, there } = replicas();
      await here.add("revoked", "1", LONG);
      await there.refresh();
      await scene.attacker.put(`set/${set}/version`, "forged", 60_000);
      await scene.first.put(`set/${set}/entry/revoked too`, "1", LONG);
      await there.refresh();
      expect([...there.entries.keys()].sort()).toEqual(["revoked", "revoked too"]);
      await scene.first.put(`set/${set}/entry/and this`, "1", LONG);
      await there.refresh();
      expect(there.entries.size).toBe(3);
    });

    test("keeps what it knew, and says so, when an entry is forged", async () => {
      const { set, here, there } = replicas();
      await here.add("revoked", "1", LONG);
      await there.refresh();
      await scene.attacker.delete(`set/${set}/version`);
      await scene.attacker.put(`set/${set}/entry/forged`, "forged", 60_000);
      await expect(there.refresh()).rejects.toMatchObject({ code: "tampered" });
      expect([...there.entries.keys()]).toEqual(["revoked"]);
      expect(await there.remove("forged")).toBe(true);
      await there.refresh();
      expect([...there.entries.keys()]).toEqual(["revoked"]);
    });

    test("two sets in one store are apart", async () => {
      const one = replicas();
      const other = replicas();
      await one.here.add("a", "1", LONG);
      await other.there.refresh();
      expect(other.there.entries.size).toBe(0);
    });
  });
}

function countReads(store: StateStore): { store: StateStore; reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    store: {
      ...store,
      get: (key) => {
        reads.push("get");
        return store.get(key);
      },
      list: (prefix, options) => {
        reads.push("list");
        return store.list(prefix, options);
      },
    },
  };
}
