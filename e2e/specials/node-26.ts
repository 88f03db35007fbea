import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CHOICES } from "../rows.ts";
import type { Trial } from "../trial.ts";
import { create, expectEnd, programOf } from "./support.ts";

/** Each template's own suite on the next Node; rows run it on the one that this project is for. */
export const nextNode: readonly Trial[] = CHOICES.template.map((template) => ({
  title: `special node26 ${template}`,
  tools: ["node26"],
  run: async (setting, step) => {
    const world = await setting.world();
    const bin = join(world.bin, `../node 26 for ${template}`);
    mkdirSync(bin);
    symlinkSync(programOf(world, "node26"), join(bin, "node"));
    const environment = { PATH: `${bin}${delimiter}${world.environment["PATH"]}` };
    const version = (await world.mustRun("node", ["--version"], { environment })).stdout;
    if (!version.startsWith("v26.")) throw new Error(`This Node is ${version}`);
    const dir = `node 26 ${template}`;
    const options = { environment, cwd: join(world.folder, dir) };
    const flags = ["--template", template, "--no-git"];
    expectEnd(await step("create", () => create(world, dir, { flags, options: { environment } })), 0);
    for (const script of ["check", "build", "test"])
      await step(script, () => world.mustRun("npm", ["run", script], options));
  },
}));
