import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLine } from "../managers.ts";
import type { Trial } from "../trial.ts";
import type { World } from "../world.ts";
import { expectEnd, expectPath, programOf } from "./support.ts";

/** Without `--yes`: whoever asks here waits for ever, or takes the silence for an answer. */
const FLAGS = ["--template", "minimal", "--transport", "both", "--auth", "api-key"];

/** File descriptor 0 is not even open, as under some supervisors. */
export const closedInput: Trial = {
  title: "special standard input closed",
  tools: [],
  run: async (setting, step) => {
    const world = await setting.world();
    const line = createLine("npm", "closed input", FLAGS);
    expectEnd(await step("create", () => world.run("sh", ["-c", 'exec "$0" "$@" <&-', ...line])), 0);
    const folder = join(world.folder, "closed input");
    await step("git", () => expectRepository(world, folder));
    await step("check", () => world.mustRun("npm", ["run", "check"], { cwd: folder }));
  },
};

/** A build machine may have a terminal. pnpm refuses there to install without a lock file, and a new project has none. */
export const inCi: Trial = {
  title: "special CI=true on a terminal npm pnpm",
  tools: ["pnpm"],
  run: async (setting, step) => {
    const world = await setting.world();
    for (const pm of ["npm", "pnpm"] as const) {
      const dir = `ci with ${pm}`;
      const line = createLine(pm, dir, FLAGS).map((word) => `'${word}'`);
      const script = [programOf(world, "script"), "--quiet", "--return", "--command", line.join(" "), "/dev/null"];
      const [command = "", ...args] = script;
      expectEnd(await step(`create ${pm}`, () => world.run(command, args, { environment: { CI: "true" } })), 0);
      await step("check", () => world.mustRun(pm, ["run", "check"], { cwd: join(world.folder, dir) }));
    }
  },
};

/** Whoever has git has a repository, in which nothing that must not be published would be. */
async function expectRepository(world: World, folder: string): Promise<void> {
  const git = async (...args: string[]) => (await world.mustRun("git", args, { cwd: folder })).stdout;
  const branch = await git("symbolic-ref", "--short", "HEAD");
  if (branch !== "main\n") throw new Error(`The branch is ${branch}`);
  expectPath(join(folder, "secrets/api-key"));
  writeFileSync(join(folder, ".env"), "KEY=1\n");
  const untracked = await git("status", "--porcelain", "--untracked-files=all");
  const found = untracked.split("\n").find((line) => /secrets\/|node_modules\/|\.env$/.test(line));
  if (found !== undefined) throw new Error(`git would publish this: ${found}`);
  if (!untracked.includes("?? package.json")) throw new Error(`git does not see the project: ${untracked}`);
}
