import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readlinkSync, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommandLine, createLine, installTools } from "../managers.ts";
import type { Trial } from "../trial.ts";
import type { World } from "../world.ts";
import { create, expectEnd, snapshot } from "./support.ts";

/** When somebody presses Ctrl-C: as soon as this is so, of the folder that the project is made in and names seen in it. */
const MOMENTS: Readonly<Record<string, (folder: string, seen: ReadonlySet<string>) => boolean>> = {
  // There for a twentieth of a second: looking now and then would miss it.
  writing: (_, seen) => [...seen].some((name) => name.startsWith(".create-hardened-mcp-")),
  installing: (folder) => existsSync(join(folder, "my server/node_modules")),
};
const PATIENCE_MS = 120_000;

/** The files are all there or none of them is, nothing is half installed, and nothing goes on running. */
export const interrupted: readonly Trial[] = (["npm", "pnpm"] as const).flatMap((pm) =>
  Object.entries(MOMENTS).map(([moment, isNow]) => ({
    title: `special interrupted while ${moment} ${pm}`,
    tools: [],
    run: async (setting, step) => {
      // Nothing was downloaded there, so that installing takes its time.
      const world = await setting.freshWorld();
      if (pm === "pnpm") await step("tools", () => installTools(world, [pm]));
      expectEnd(
        await step("create", () =>
          create(world, "whole", { pm, flags: ["--name", "my-server", "--no-install", "--no-git"] }),
        ),
        0,
      );
      const line = createLine(pm, "my server", ["--yes", "--no-git"]);
      const code = await step("interrupt", () => interruptWhen(world, line, isNow));
      if (code === 0) throw new Error("It ended as if nobody had interrupted it.");
      expectAllOrNothing(world);
      const running = await stillRunning(world.folder);
      if (running.length > 0) throw new Error(`What it started still runs: ${running.join(", ")}`);
    },
  })),
);

/** As Ctrl-C does: every process of the group that has the terminal gets the signal. @returns the exit code */
async function interruptWhen(
  world: World,
  [command, ...args]: CommandLine,
  isNow: (folder: string, seen: ReadonlySet<string>) => boolean,
) {
  const seen = new Set<string>();
  const watcher = watch(world.folder, (_, name) => seen.add(name ?? ""));
  const child = spawn(command, args, { cwd: world.folder, env: world.environment, stdio: "ignore", detached: true });
  const gone = once(child, "exit") as Promise<[code: number | null]>;
  const until = performance.now() + PATIENCE_MS;
  const group = -(child.pid ?? 0);
  try {
    while (!isNow(world.folder, seen)) {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} before the moment came.`);
      if (performance.now() > until) throw new Error("The moment never came.");
      await sleep(1);
    }
    process.kill(group, "SIGINT");
    return (await Promise.race([gone, sleep(PATIENCE_MS, undefined, { ref: false })]))?.[0] ?? "signal";
  } finally {
    watcher.close();
    if (child.exitCode === null && child.signalCode === null) process.kill(group, "SIGKILL");
  }
}

function expectAllOrNothing({ folder }: World): void {
  const hidden = readdirSync(folder).filter((name) => name.startsWith("."));
  if (hidden.length > 0) throw new Error(`It left ${hidden.join(", ")}`);
  const project = join(folder, "my server");
  if (!existsSync(project)) return;
  // A lock file is a whole one, or none: package managers write it at once.
  const there = [...snapshot(project).keys()].filter((path) => !/^(?:package-lock\.json|pnpm-lock\.yaml)$/.test(path));
  const whole = [...snapshot(join(folder, "whole")).keys()];
  if (there.join("\n") !== whole.join("\n"))
    throw new Error(`Neither all nor nothing is there: ${there.slice(0, 60).join(", ")}`);
}

/** Processes that work below `folder`, after they had time to end. Elsewhere than on Linux they cannot be seen. */
async function stillRunning(folder: string): Promise<readonly string[]> {
  const look = () => (process.platform === "linux" ? readdirSync("/proc").filter((pid) => isBelow(pid, folder)) : []);
  const until = performance.now() + 10_000;
  while (look().length > 0 && performance.now() < until) await sleep(50);
  return look();
}

function isBelow(pid: string, folder: string): boolean {
  if (!/^\d+$/.test(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
  } catch {
    // It ended meanwhile, or is somebody else's.
    return false;
  }
}
