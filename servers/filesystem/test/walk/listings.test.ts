import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { openRoot } from "@hardened-mcp/safe-path";
import { describe, expect, it } from "vitest";
import { createListings } from "../../src/walk/listings.ts";
import { testFolder } from "../support/folder.ts";

/** A clock by which whatever was just made has been there for a minute. */
const later = (): number => Date.now() + 60_000;

const WAYS = ["now", "soon"] as const;

describe.each(WAYS)("listings, %s", (way) => {
  function lister(folder: { readonly root: string }, clock?: () => number) {
    const listings = createListings(clock);
    const root = openRoot(folder.root);
    return {
      list: async () => {
        using directory = root.openDirectory(root.parse("d"));
        return await listings[way](directory);
      },
      [Symbol.dispose]: () => root.close(),
    };
  }

  it("remembers a directory that has settled, and shows each change of it at once", async () => {
    using folder = testFolder({ "d/b": "", "d/a": "" });
    using lists = lister(folder, later);
    const first = await lists.list();
    expect(first.entries.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(await lists.list()).toBe(first);

    folder.write("d/c", "");
    expect((await lists.list()).entries).toHaveLength(3);
    rmSync(join(folder.root, "d/a"));
    expect((await lists.list()).entries.map(({ name }) => name)).toEqual(["b", "c"]);
    // A forged time does not hide a change: the kernel sets the time of change, and nobody else.
    utimesSync(join(folder.root, "d"), 0, 0);
    folder.write("d/e", "");
    utimesSync(join(folder.root, "d"), 0, 0);
    expect((await lists.list()).entries).toHaveLength(3);
  });

  it("does not remember a directory that changed a moment ago: it may change again in the same tick of the clock", async () => {
    using folder = testFolder({ "d/b": "", "d/a": "" });
    using lists = lister(folder);
    const first = await lists.list();
    expect(await lists.list()).not.toBe(first);
  });

  it("lists a large directory whole and leaves out what is denied", async () => {
    const names = Array.from({ length: 600 }, (_, index) => `d/a-name-that-makes-the-directory-large-${index}`);
    using folder = testFolder({ ...Object.fromEntries(names.map((name) => [name, ""])), "d/.env": "secret" });
    using lists = lister(folder);
    const { entries, cut } = await lists.list();
    expect(entries).toHaveLength(600);
    expect(cut).toBe(false);
  });
});
