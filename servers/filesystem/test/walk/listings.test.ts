import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { openRoot } from "@hardened-mcp/safe-path";
import { expect, it } from "vitest";
import { createListings } from "../../src/walk/listings.ts";
import { testFolder } from "../support/folder.ts";

it("shows each change of a directory at once, also of one that was remembered", () => {
  using folder = testFolder({ "d/b": "", "d/a": "" });
  using root = openRoot(folder.root);
  const list = createListings();
  const names = () => {
    using directory = root.openDirectory(root.parse("d"));
    return list(directory);
  };
  const fresh = names();
  expect(fresh.entries.map(({ name }) => name)).toEqual(["a", "b"]);
  // Changed a moment ago: it may change again in the same tick of the clock, so it is read anew.
  expect(names()).not.toBe(fresh);

  folder.write("d/c", "");
  expect(names().entries).toHaveLength(3);
  rmSync(join(folder.root, "d/a"));
  expect(names().entries.map(({ name }) => name)).toEqual(["b", "c"]);
  // A forged time does not hide a change: the kernel sets the time of change, and nobody else.
  utimesSync(join(folder.root, "d"), 0, 0);
  folder.write("d/e", "");
  utimesSync(join(folder.root, "d"), 0, 0);
  expect(names().entries).toHaveLength(3);
});
