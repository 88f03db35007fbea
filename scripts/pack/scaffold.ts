import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./workspace.ts";

/** Starts the scaffolder that was built here, with packages that were packed into `vendor`, for a user in `cwd`. */
export function startScaffolder(
  vendor: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "stdio"> & { readonly env: NodeJS.ProcessEnv },
): ChildProcess {
  // The pnpm that runs this may lie in npx's cache alone. The project is npm's, which all have, if they say nothing else.
  const { npm_config_user_agent: _, ...env } = options.env;
  const cli = join(ROOT, "packages/create-hardened-mcp/dist/cli.js");
  return spawn(process.execPath, [cli, "--vendor", vendor, ...args], { ...options, env });
}
