import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Trial } from "../trial.ts";
import { create, expectEnd, expectPath, programOf } from "./support.ts";

/** What npm and a project need of a machine; no git among it. */
const PROGRAMS = ["node", "npm", "npx", "sh"];

export const noGit: Trial = {
  title: "special machine without git",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.world();
    const bin = join(world.bin, "../without git");
    mkdirSync(bin);
    for (const name of PROGRAMS) symlinkSync(programOf(world, name), join(bin, name));
    const options = { environment: { PATH: bin } };
    const ended = await step("create", () => create(world, "no git", { options }));
    expectEnd(ended, 0, ["git: skipped: git is not installed"]);
    const folder = join(world.folder, "no git");
    expectPath(join(folder, ".git"), false);
    await step("check", () => world.mustRun("npm", ["run", "check"], { ...options, cwd: folder }));
  },
};
