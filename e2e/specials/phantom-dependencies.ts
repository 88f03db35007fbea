import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CHOICES } from "../rows.ts";
import type { Trial } from "../trial.ts";
import { create, expectEnd, expectPath } from "./support.ts";

/**
 * How each manager installs so that a package reaches what its own manifest names, and nothing else; and where it would lie if
 * the manager had not done as it was told.
 */
const STRICT = {
  npm: {
    install: ["install", "--install-strategy=linked", "--ignore-scripts", "--no-audit", "--no-fund"],
    isolated: "node_modules/.store",
    hoisted: "node_modules/ajv",
  },
  pnpm: {
    install: [
      "install",
      "--ignore-scripts",
      "--no-frozen-lockfile",
      "--config.node-linker=isolated",
      "--config.hoist=false",
      "--config.shamefully-hoist=false",
      "--config.public-hoist-pattern=",
    ],
    isolated: "node_modules/.pnpm",
    hoisted: "node_modules/.pnpm/node_modules",
  },
} as const;

/** Each template where only what it declares is there: another manager, or the next version, may hoist nothing. */
export const phantomDependencies: readonly Trial[] = CHOICES.template.flatMap((template) =>
  (["npm", "pnpm"] as const).map(
    (pm): Trial => ({
      title: `special phantom dependencies ${template} ${pm}`,
      tools: pm === "npm" ? [] : [pm],
      run: async (setting, step) => {
        const world = await setting.world();
        const dir = `strict ${template} ${pm}`;
        const cwd = join(world.folder, dir);
        const flags = ["--template", template, "--no-install", "--no-git"];
        expectEnd(await step("create", () => create(world, dir, { pm, flags })), 0);
        const { install, isolated, hoisted } = STRICT[pm];
        await step("install", () => world.mustRun(pm, install, { cwd }));
        expectPath(join(cwd, isolated));
        // pnpm makes the folder in any case; what would be reached through it is not there.
        if (existsSync(join(cwd, hoisted)) && readdirSync(join(cwd, hoisted)).some((name) => !name.startsWith(".")))
          throw new Error(`${hoisted} is there, so this installation hides what is not declared.`);
        for (const script of ["typecheck", "build", "test"])
          await step(script, () => world.mustRun(pm, ["run", script], { cwd }));
      },
    }),
  ),
);
