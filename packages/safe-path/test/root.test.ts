import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openRoot } from "../src/index.ts";
import { makeTree, openDescriptors, refusal } from "./helpers/tree.ts";

test.each(["/", homedir(), dirname(homedir()), "/tmp", "/proc", "/sys", "/proc/self/root"])(
  "refuses %s as a root",
  (path) => {
    expect(refusal(() => openRoot(path))).toBe("root_too_broad");
  },
);

test("a world-writable root is refused, through a link too, and accepted by a dangerous flag", () => {
  const tree = makeTree();
  chmodSync(tree.inside, 0o1777);
  symlinkSync(tree.inside, join(tree.base, "alias"));
  expect(refusal(() => openRoot(tree.inside))).toBe("root_too_broad");
  expect(refusal(() => openRoot(join(tree.base, "alias")))).toBe("root_too_broad");
  openRoot(tree.inside, { dangerouslyAllowBroadRoot: true }).close();
  openRoot("/", { dangerouslyAllowBroadRoot: true }).close();
});

test("refuses a root that is relative, missing or a file", () => {
  const tree = makeTree();
  for (const path of ["data", "", join(tree.base, "nope"), tree.write("f")]) {
    expect(refusal(() => openRoot(path))).toBe("root_not_found");
  }
});

test("a misspelled option is an error that names the known ones", () => {
  const tree = makeTree();
  const options = { hardlinks: "allow" } as object;
  expect(refusal(() => openRoot(tree.inside, options))).toBe("invalid_option");
  expect(refusal(() => tree.open({ links: "follow" as "inside" }))).toBe("invalid_option");
});

test("a root that was moved refuses, even with a directory of the attacker's in its old place", () => {
  const tree = makeTree();
  tree.write("f");
  const root = tree.open();
  symlinkSync(join(tree.inside, "target"), join(tree.inside, "link"));
  renameSync(tree.inside, join(tree.base, "moved"));
  expect(refusal(() => root.openFile(root.parse("f")))).not.toBe("no refusal");
  mkdirSync(tree.inside);
  writeFileSync(join(tree.inside, "target"), "attacker's");
  expect(refusal(() => root.openFile(root.parse("link")))).toBe("root_moved");
  for (const links of ["inside", "refuse"] as const) {
    const again = openRoot(join(tree.base, "moved"), { links });
    renameSync(join(tree.base, "moved"), join(tree.base, "elsewhere"));
    expect(refusal(() => again.createFile(again.parse("new")))).not.toBe("no refusal");
    renameSync(join(tree.base, "elsewhere"), join(tree.base, "moved"));
    again.openFile(again.parse("f")).close();
    again.close();
  }
});

test("a closed root, file or directory refuses instead of using a descriptor that is another's by now", () => {
  const tree = makeTree();
  tree.write("f");
  const root = openRoot(tree.inside);
  const path = root.parse("f");
  const file = root.openFile(path);
  const directory = root.openDirectory(root.parse("."));
  file.close();
  file.close();
  directory.close();
  root.close();
  root.close();
  expect(refusal(() => file.fd)).toBe("closed");
  expect(refusal(() => directory.entries())).toBe("closed");
  expect(refusal(() => root.openFile(path))).toBe("closed");
});

test("mounts: refuse lets files of the root's own mount pass, and no other", () => {
  const tree = makeTree();
  tree.write("f");
  const root = tree.open({ mounts: "refuse" });
  root.openFile(root.parse("f")).close();
  using top = openRoot("/", { dangerouslyAllowBroadRoot: true, mounts: "refuse" });
  expect(refusal(() => top.openFile(top.parse("proc/version")))).toBe("other_mount");
});

test("no way through leaves a descriptor open", () => {
  const tree = makeTree();
  tree.write("d/f");
  tree.write(".env");
  symlinkSync(tree.outside, join(tree.inside, "out"));
  symlinkSync(".env", join(tree.inside, "e"));
  const roots = [tree.open(), tree.open({ links: "refuse" }), tree.open({ mounts: "refuse" })];
  const start = openDescriptors();
  for (let round = 0; round < 50; round++) {
    for (const root of roots) {
      for (const input of ["d/f", "d", ".", "nope", "d/nope", "d/f/x", "out", "out/secret.txt", "e", "a/b/c"]) {
        refusal(() => root.openFile(root.parse(input)).close());
        refusal(() => root.openFile(root.parse(input), { maxBytes: 0 }).close());
        refusal(() => root.openDirectory(root.parse(input)).close());
        refusal(() => root.stat(root.parse(input)));
        refusal(() => root.createFile(root.parse(`${input}/f`)).close());
        refusal(() => root.rename(root.parse(input), root.parse("out/x")));
        refusal(() => root.remove(root.parse(`${input}/f/x`)));
        refusal(() => root.remove(root.parse(input === "." ? "x" : `${input}-x`)));
      }
      using directory = root.openDirectory(root.parse("."));
      directory.entries(1);
      for (const name of ["d", "e", "out", "nope", "..", "a/b"]) refusal(() => directory.child(name).close());
    }
    refusal(() => openRoot("/tmp"));
    refusal(() => openRoot(join(tree.base, "nope")));
  }
  expect(openDescriptors()).toBe(start);
});

test("children are opened by the descriptor, wherever their directory has gone", () => {
  const tree = makeTree();
  tree.write("d/f", "first");
  const root = tree.open();
  using directory = root.openDirectory(root.parse("d"));
  renameSync(join(tree.inside, "d"), join(tree.inside, "renamed"));
  tree.write("d/f", "second");
  const file = directory.child("f");
  expect(file.path).toBe("renamed/f");
  expect(readFileSync(file.fd, "utf8")).toBe("first");
  file.close();
  renameSync(join(tree.inside, "renamed"), join(tree.base, "left"));
  expect(refusal(() => directory.child("f"))).toBe("outside_root");
});
