import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { naivePrefixRead } from "./helpers/naive.ts";
import { makeTree, refusal, SECRET } from "./helpers/tree.ts";

const link = (target: string, ...at: string[]) => symlinkSync(target, join(...at));

test("CVE-2025-53110: a sibling that shares the root's prefix is outside", () => {
  const tree = makeTree();
  const sibling = `${tree.inside}-evil`;
  mkdirSync(sibling);
  link(join(tree.outside, "secret.txt"), sibling, "f");
  expect(naivePrefixRead(tree.inside, join(sibling, "f"))).toBe(SECRET);

  const root = tree.open();
  expect(refusal(() => root.parse(join(sibling, "f")))).toBe("outside_root");
  link(sibling, tree.inside, "to-sibling");
  expect(refusal(() => root.openDirectory(root.parse("to-sibling")))).toBe("outside_root");
});

test.each([" ", "\t", "\u00a0", "'", '"'])("a sibling named root + %j is outside", (suffix) => {
  const tree = makeTree();
  mkdirSync(tree.inside + suffix);
  const root = tree.open();
  expect(refusal(() => root.openDirectory(root.parse(tree.inside + suffix)))).toMatch(/^(outside_root|invalid_name)$/);
  expect(refusal(() => root.openDirectory(root.parse(`"${tree.inside}"`)))).toBe("not_found");
});

describe.each(["inside", "refuse"] as const)("CVE-2025-53109, links: %s", (links) => {
  test.each([
    ["a link to a file", "f", "outside/secret.txt", "f"],
    ["a link to a directory", "d", "outside", "d/secret.txt"],
    ["a dangling link", "f", "outside/absent", "f"],
    ["a link with an absolute escape", "f", "/etc/passwd", "f"],
    ["a link into /proc", "p", "/proc/self/root", "p/etc/passwd"],
    ["a link to a device", "z", "/dev/zero", "z"],
    ["a link to a descriptor", "p", "/proc/self/fd", "p/0"],
  ])("refuses %s", (_, at, target, path) => {
    const tree = makeTree();
    link(target.startsWith("/") ? target : join(tree.base, target), tree.inside, at);
    const root = tree.open({ links });
    const expected = links === "inside" ? "outside_root" : "link";
    expect(refusal(() => root.openFile(root.parse(path)))).toBe(expected);
  });

  test("refuses to create through a link in the parent, or a dangling link in the last place", () => {
    const tree = makeTree();
    link(tree.outside, tree.inside, "d");
    link(join(tree.outside, "new"), tree.inside, "dangling");
    const root = tree.open({ links });
    const outside = links === "inside" ? "outside_root" : "link";
    expect(refusal(() => root.createFile(root.parse("d/new")))).toBe(outside);
    expect(refusal(() => root.makeDirectory(root.parse("d/new")))).toBe(outside);
    expect(refusal(() => root.remove(root.parse("d/secret.txt")))).toBe(outside);
    expect(refusal(() => root.createFile(root.parse("dangling")))).toBe("exists");
    expect(refusal(() => root.makeDirectory(root.parse("dangling")))).toBe("exists");
  });

  test("refuses a loop", () => {
    const tree = makeTree();
    link("b", tree.inside, "a");
    link("a", tree.inside, "b");
    const root = tree.open({ links });
    expect(refusal(() => root.openFile(root.parse("a")))).toBe(links === "inside" ? "outside_root" : "link");
  });
});

test("an existing and a missing outside target get the same answer", () => {
  const tree = makeTree();
  link("/etc/passwd", tree.inside, "there");
  link("/etc/no-such-file", tree.inside, "nowhere");
  link("/etc/passwd/x", tree.inside, "not-a-directory");
  const root = tree.open();
  const codes = ["there", "nowhere", "not-a-directory"].map((name) => refusal(() => root.openFile(root.parse(name))));
  expect(new Set(codes)).toEqual(new Set(["outside_root"]));
});

test("follows links that stay inside, chains too, and names the real place", () => {
  const tree = makeTree();
  tree.write("pkg/real/f.txt");
  link("real", tree.inside, "pkg", "one");
  link(join(tree.inside, "pkg/one"), tree.inside, "two");
  const root = tree.open();
  using file = root.openFile(root.parse("two/f.txt"));
  expect(file.path).toBe("pkg/real/f.txt");
  expect(readFileSync(file.fd, "utf8")).toBe("inside");
  expect(refusal(() => tree.open({ links: "refuse" }).openFile(root.parse("two/f.txt")))).toBe("link");
});

test("a link is described and listed as a link, never by its target", () => {
  const tree = makeTree();
  link(join(tree.outside, "secret.txt"), tree.inside, "f");
  const root = tree.open();
  const info = root.stat(root.parse("f"));
  expect(info.type).toBe("link");
  expect(info.size).toBe(join(tree.outside, "secret.txt").length);
  using directory = root.openDirectory(root.parse("."));
  expect(directory.entries().entries).toEqual([{ name: "f", type: "link" }]);
  expect(directory.inspect("f")).toEqual(info);
  expect(refusal(() => directory.child("f"))).toBe("link");
});

test("no error text names an outside path", () => {
  const tree = makeTree();
  link(join(tree.outside, "secret.txt"), tree.inside, "f");
  const root = tree.open();
  expect(() => root.openFile(root.parse("f"))).toThrow(/^(?!.*outside\/)[^/]*$/);
});

test("a path that nobody parsed still cannot leave", () => {
  const tree = makeTree();
  for (const links of ["inside", "refuse"] as const) {
    const root = tree.open({ links });
    for (const raw of ["../outside/secret.txt", "/etc/passwd", "x/../../outside/secret.txt", ".."]) {
      const forged = raw as ReturnType<typeof root.parse>;
      expect(
        refusal(() => root.openFile(forged)),
        `${links} ${raw}`,
      ).not.toBe("no refusal");
      expect(
        refusal(() => root.createFile(forged)),
        `${links} ${raw}`,
      ).not.toBe("no refusal");
      expect(
        refusal(() => root.remove(forged)),
        `${links} ${raw}`,
      ).not.toBe("no refusal");
      expect(
        refusal(() => root.stat(forged)),
        `${links} ${raw}`,
      ).not.toBe("no refusal");
    }
  }
});
