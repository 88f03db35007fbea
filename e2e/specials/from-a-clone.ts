import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/pack/workspace.ts";
import { checkBuilt } from "../check-row.ts";
import { installTools } from "../managers.ts";
import type { Row } from "../rows.ts";
import type { Trial } from "../trial.ts";
import { expectPath } from "./support.ts";

/** Each template, and in turn both package managers. */
const PROJECTS = [
  { template: "database", pm: "npm" },
  { template: "http-api", pm: "pnpm" },
  { template: "minimal", pm: "pnpm" },
  { template: "filesystem", pm: "npm" },
] as const;
/** A clone installs and builds everything first. */
const PATIENCE_MS = 900_000;

/** Before anything of ours is published: a clone of what is committed here, and a machine that has only the npm registry. */
export const fromAClone: Trial = {
  title: "special from a clone with nothing published",
  tools: [],
  run: async (setting, step) => {
    const world = setting.outsideWorld();
    await step("tools", () => installTools(world, ["pnpm"]));
    const clone = join(world.folder, "a clone");
    await step("clone", () => world.mustRun("git", ["clone", "--quiet", ROOT, clone]));
    mkdirSync(join(world.folder, "projects"));
    for (const { template, pm } of PROJECTS) {
      const dir = `my ${template} server`;
      const words = ["new", `../projects/${dir}`, "--template", template, "--pm", pm, "--yes"];
      const options = { cwd: clone, timeoutMs: PATIENCE_MS };
      // The first one pays for the clone's own packages.
      const name = template === PROJECTS[0].template ? "first project" : "project";
      await step(name, () => world.mustRun("npx", ["-y", "pnpm@12", ...words], options));
      const folder = join(world.folder, "projects", dir);
      const tarballs = readdirSync(join(folder, "vendor")).filter((file) => file.endsWith(".tgz"));
      if (!tarballs.some((file) => file.startsWith("hardened-mcp-server-"))) throw new Error(`vendor/ has ${tarballs}`);
      expectPath(join(folder, "node_modules/@hardened-mcp/server/dist"));
      for (const script of ["check", "test", "build"])
        await step(script, () => world.mustRun(pm, ["run", script], { cwd: folder }));
      const row: Row = { template, pm, transport: "stdio", auth: "none", state: "sqlite" };
      await checkBuilt({ row, folder, world, services: setting.services }, step);
    }
  },
};
