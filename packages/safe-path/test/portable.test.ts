import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { portable } from "../src/portable.ts";
import { openRootWith } from "../src/root.ts";
import { makeTree, openDescriptors, refusal } from "./helpers/tree.ts";

// What macOS and Windows run, on Linux: its decisions are tested here, its behaviour there and its races are not.
test("the portable backend decides as the Linux one does, races apart", () => {
  const tree = makeTree();
  tree.write("d/f");
  tree.write(".env");
  symlinkSync("d/f", join(tree.inside, "in"));
  symlinkSync(tree.outside, join(tree.inside, "out"));
  symlinkSync(".env", join(tree.inside, "e"));
  linkSync(join(tree.outside, "secret.txt"), join(tree.inside, "hard"));
  execFileSync("mkfifo", [join(tree.inside, "pipe")]);
  const start = openDescriptors();
  const root = openRootWith(portable(0), tree.inside, {});
  const strict = openRootWith(portable(0), tree.inside, { links: "refuse" });
  onTestFinished(() => [root, strict].forEach((opened) => void opened.close()));

  {
    using file = root.openFile(root.parse("in"));
    expect(file.path).toBe("d/f");
    expect(readFileSync(file.fd, "utf8")).toBe("inside");
  }
  const codes = Object.fromEntries(
    ["out/secret.txt", "e", "hard", "pipe", "d", "nope"].map((name) => [
      name,
      refusal(() => root.openFile(root.parse(name))),
    ]),
  );
  expect(codes).toEqual({
    "out/secret.txt": "outside_root",
    e: "denied_name",
    hard: "hard_link",
    pipe: "special_file",
    d: "not_a_file",
    nope: "not_found",
  });
  expect(refusal(() => strict.openFile(strict.parse("in")))).toBe("link");
  {
    using directory = strict.openDirectory(strict.parse("d"));
    expect(directory.entries().entries).toEqual([{ name: "f", type: "file" }]);
    directory.child("f").close();
  }
  root.createFile(root.parse("d/new")).close();
  root.rename(root.parse("d/new"), root.parse("d/g"));
  root.remove(root.parse("d/g"));
  expect(refusal(() => root.createFile(root.parse("out/new")))).toBe("outside_root");
  expect(openDescriptors()).toBe(start + 2);
  renameSync(tree.inside, join(tree.base, "moved"));
  expect(refusal(() => root.openFile(root.parse("d/f")))).not.toBe("no refusal");
});
