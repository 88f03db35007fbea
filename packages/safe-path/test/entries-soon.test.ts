import fc from "fast-check";
import { expect, test } from "vitest";
import { compileDeny } from "../src/deny.ts";
import { checkNames, entryFilter } from "../src/names.ts";
import { makeTree } from "./helpers/tree.ts";

test("entriesSoon lists what entries lists, and is cut where it is cut", async () => {
  const tree = makeTree();
  for (const name of ["d/a", "d/b", "d/.env", "d/id_rsa", "d/c.pem", "d/deep/x"]) tree.write(name);
  const root = tree.open();
  using directory = root.openDirectory(root.parse("d"));
  const names = ({ entries }: { entries: readonly { name: string }[] }) => entries.map(({ name }) => name).sort();
  const [now, soon] = [directory.entries(), await directory.entriesSoon()];
  expect(names(soon)).toEqual(names(now));
  expect(soon.hidden).toBe(now.hidden);
  expect((await directory.entriesSoon(2)).truncated).toBe(true);
});

test("a listing accepts a name exactly when an open would", () => {
  const piece = fc.constantFrom(
    ".env",
    ".git",
    "config",
    "a",
    "a.pem",
    "A.PEM",
    "x.key",
    ".ssh",
    "id_rsa",
    "b..c",
    ".",
    "..",
    "a (deleted)",
    "é",
    "e\u0301",
    "a\u0000",
  );
  const pattern = fc.constantFrom(".env", "*.pem", "*.key", "id_*", ".git/config", "a/b", "*/config", ".e*v", "b*c");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 4 }),
      piece,
      fc.uniqueArray(pattern, { maxLength: 6 }),
      (directory, name, patterns) => {
        const rules = { deny: compileDeny(patterns), maxDepth: 4, windowsNames: false };
        const accepts = (names: readonly string[]): boolean => {
          try {
            checkNames(names, rules);
            return true;
          } catch {
            return false;
          }
        };
        fc.pre(accepts(directory));
        expect(entryFilter(directory, rules)(name)).toBe(accepts([...directory, name]));
      },
    ),
    { numRuns: 2000 },
  );
});
