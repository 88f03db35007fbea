import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeTree, refusal, SECRET } from "./helpers/tree.ts";

describe.each(["inside", "refuse"] as const)("links: %s", (links) => {
  test("creates with 0600, once", () => {
    const tree = makeTree();
    const root = tree.open({ links });
    root.makeDirectory(root.parse("d"));
    {
      using file = root.createFile(root.parse("d/new"));
      writeSync(file.fd, "hello");
      expect(file.path).toBe("d/new");
    }
    expect(statSync(join(tree.inside, "d/new")).mode & 0o777).toBe(0o600);
    expect(statSync(join(tree.inside, "d")).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(tree.inside, "d/new"), "utf8")).toBe("hello");
    expect(refusal(() => root.createFile(root.parse("d/new")))).toBe("exists");
    expect(refusal(() => root.createFile(root.parse("nope/new")))).toBe("not_found");
    expect(refusal(() => root.createFile(root.parse(".")))).toBe("not_a_file");
  });

  test("renames without replacing, unless told to", () => {
    const tree = makeTree();
    tree.write("a", "a");
    tree.write("b", "b");
    tree.write("d/x");
    mkdirSync(join(tree.inside, "empty"));
    const root = tree.open({ links });
    const [a, b, d, empty] = ["a", "b", "d", "empty"].map((name) => root.parse(name)) as [never, never, never, never];
    expect(refusal(() => root.rename(a, b))).toBe("exists");
    expect(refusal(() => root.rename(d, empty))).toBe("exists");
    expect(refusal(() => root.rename(a, empty, { replace: true }))).toBe("not_a_file");
    root.rename(a, b, { replace: true });
    expect(readFileSync(join(tree.inside, "b"), "utf8")).toBe("a");
    root.rename(b, root.parse("d/c"));
    expect(lstatSync(join(tree.inside, "d/c")).nlink).toBe(1);
    root.rename(d, root.parse("e"));
    expect(existsSync(join(tree.inside, "e/c"))).toBe(true);
    expect(refusal(() => root.rename(root.parse("."), root.parse("z")))).toBe("not_a_file");
  });

  test("removes files and empty directories only", () => {
    const tree = makeTree();
    tree.write("d/f");
    const root = tree.open({ links });
    expect(refusal(() => root.remove(root.parse("d")))).toBe("not_empty");
    root.remove(root.parse("d/f"));
    root.remove(root.parse("d"));
    expect(refusal(() => root.remove(root.parse("d")))).toBe("not_found");
    expect(refusal(() => root.remove(root.parse(".")))).toBe("not_a_file");
  });
});

test("a link to the outside is removed and moved as itself", () => {
  const tree = makeTree();
  symlinkSync(join(tree.outside, "secret.txt"), join(tree.inside, "l"));
  const root = tree.open();
  root.rename(root.parse("l"), root.parse("m"));
  root.remove(root.parse("m"));
  expect(readFileSync(join(tree.outside, "secret.txt"), "utf8")).toBe(SECRET);
  symlinkSync("x", join(tree.inside, "s"));
  expect(refusal(() => tree.open({ links: "refuse" }).remove(root.parse("s")))).toBe("link");
});

test("replacing a hard link to a foreign file leaves the foreign file as it was", () => {
  const tree = makeTree();
  linkSync(join(tree.outside, "secret.txt"), join(tree.inside, "hard"));
  tree.write("new", "new");
  const root = tree.open();
  root.rename(root.parse("new"), root.parse("hard"), { replace: true });
  expect(readFileSync(join(tree.outside, "secret.txt"), "utf8")).toBe(SECRET);
});

test("a listing is bounded and a directory can be synced", () => {
  const tree = makeTree();
  for (let index = 0; index < 20; index++) tree.write(`f${index}`);
  const root = tree.open();
  using directory = root.openDirectory(root.parse("."));
  expect(directory.entries(5)).toMatchObject({ truncated: true, hidden: 0 });
  expect(directory.entries(5).entries).toHaveLength(5);
  expect(directory.entries()).toMatchObject({ truncated: false });
  directory.sync();
});
