import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTree, refusal, SECRET } from "./helpers/tree.ts";

// Mounting needs privileges that a contributor's machine may not give.
const canMount = spawnSync("unshare", ["-m", "true"]).status === 0;

test.runIf(canMount)("a link into another mount namespace is outside, though its path reads as inside", async () => {
  const tree = makeTree();
  const script = 'mount --bind "$1" "$2" && echo ready && exec sleep 60';
  const container = spawn("unshare", ["-m", "sh", "-c", script, "sh", tree.outside, tree.inside], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void container.kill("SIGKILL"));
  await once(container.stdout!, "data");
  const target = `/proc/${container.pid}/root${tree.inside}/secret.txt`;
  symlinkSync(target, join(tree.inside, "ns"));
  expect(readFileSync(target, "utf8")).toBe(SECRET);

  for (const [options, code] of [
    [{}, "outside_root"],
    [{ mounts: "refuse" }, "other_mount"],
    [{ links: "refuse" }, "link"],
  ] as const) {
    const root = tree.open(options);
    expect(refusal(() => root.openFile(root.parse("ns")))).toBe(code);
  }
});

test.runIf(canMount)("a bind mount inside the root is entered, unless mounts are refused", () => {
  const tree = makeTree();
  mkdirSync(join(tree.inside, "bound"));
  execFileSync("mount", ["--bind", tree.outside, join(tree.inside, "bound")]);
  try {
    const lax = tree.open();
    lax.openFile(lax.parse("bound/secret.txt")).close();
    const strict = tree.open({ mounts: "refuse" });
    expect(refusal(() => strict.openFile(strict.parse("bound/secret.txt")))).toBe("other_mount");
    expect(refusal(() => strict.createFile(strict.parse("bound/new")))).toBe("other_mount");
  } finally {
    execFileSync("umount", [join(tree.inside, "bound")]);
  }
});
