import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlannedFile } from "../../src/plan/planned-file.ts";
import { mergeStage } from "../../src/write/merge.ts";
import { fillStage, openStage } from "../../src/write/stage.ts";
import { tempFolder } from "../support/cli.ts";
import { tree } from "../support/tree.ts";

test("a move that fails half way is undone: every file of before is where it was", async () => {
  const dir = join(tempFolder(), "project");
  mkdirSync(join(dir, "secrets"), { recursive: true, mode: 0o755 });
  writeFileSync(join(dir, "a.txt"), "old");
  writeFileSync(join(dir, "z.txt"), "old");
  const before = tree(dir);
  const files: readonly PlannedFile[] = [
    { path: "a.txt", data: "new" },
    { path: "new/b.txt", data: "new" },
    { path: "secrets/key", data: "new", mode: 0o600 },
    { path: "z.txt", data: "new" },
  ];
  const stage = openStage(dir);
  await fillStage(stage, files, new AbortController().signal);
  rmSync(join(stage.project, "z.txt"));
  expect(() => mergeStage(stage, { dir, found: "files" }, files)).toThrow("ENOENT");
  rmSync(stage.folder, { recursive: true });
  expect(tree(dir)).toEqual(before);
  expect(readFileSync(join(dir, "a.txt"), "utf8")).toBe("old");
  expect(readFileSync(join(dir, "z.txt"), "utf8")).toBe("old");
});
