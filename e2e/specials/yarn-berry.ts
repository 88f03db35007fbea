import { join } from "node:path";
import { installTools } from "../managers.ts";
import type { Trial } from "../trial.ts";
import { create, expectEnd } from "./support.ts";

/** The yarn of today shares little with the first but its name, so it has a machine of its own. */
export const yarnBerry: Trial = {
  title: "special yarn berry",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.freshWorld();
    await step("tools", () => installTools(world, ["berry"]));
    const version = (await world.mustRun("yarn", ["--version"])).stdout;
    if (!version.startsWith("4.")) throw new Error(`This yarn is ${version}`);
    // Today's yarn takes no version that is younger than a day, and these were published a minute ago.
    const options = { environment: { YARN_NPM_MINIMAL_AGE_GATE: "0" } };
    const flags = ["--template", "database", "--transport", "http", "--no-git"];
    expectEnd(await step("create", () => create(world, "my berry", { pm: "yarn", flags, options })), 0);
    const cwd = join(world.folder, "my berry");
    for (const script of ["check", "build", "test"])
      await step(script, () => world.mustRun("yarn", ["run", script], { ...options, cwd }));
  },
};
