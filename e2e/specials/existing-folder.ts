import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trial } from "../trial.ts";
import { create, expectEnd, expectKept, expectPath, expectSame, snapshot } from "./support.ts";

/** Of somebody: two have names that a project has, too. */
const REPLACED = ["README.md", "src/cli.ts"];
const KEPT = ["notes.txt", "src/mine.txt", "node.bin"];

export const existingFolder: Trial = {
  title: "special existing folder with files",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.world();
    const folder = join(world.folder, "somebody's");
    mkdirSync(join(folder, "src"), { recursive: true });
    for (const path of [...REPLACED, ...KEPT]) writeFileSync(join(folder, path), `\u0000\r\n${path}`, { mode: 0o640 });
    const before = snapshot(folder);

    // The name is said: the folder's own makes none.
    const flags = ["--name", "somebody", "--no-git"];
    const refused = await step("refuse", () => create(world, "somebody's", { flags }));
    expectEnd(refused, 73, ["has files, and none of them was touched", "--overwrite"]);
    expectSame(before, snapshot(folder));

    const ended = await step("overwrite", () => create(world, "somebody's", { flags: [...flags, "--overwrite"] }));
    expectEnd(ended, 0);
    const after = snapshot(folder);
    expectKept(new Map([...before].filter(([path]) => KEPT.includes(path))), after);
    for (const path of REPLACED)
      if (after.get(path) === before.get(path)) throw new Error(`${path} is still the old one.`);
    expectPath(join(folder, "policy"));
    await step("typecheck", () => world.mustRun("npm", ["run", "typecheck"], { cwd: folder }));
  },
};
