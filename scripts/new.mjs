// A new project from this clone, whose packages are on no registry yet: npx -y pnpm@12 new my-server --template database
// They are packed, and the scaffolder puts them into the project's `vendor/`. Everything said here is said to the scaffolder.
import { mkdtempSync, rmSync } from "node:fs";
import { registerHooks } from "node:module";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./pack/build.ts";
import { packWorkspace } from "./pack/pack-workspace.ts";
import { startScaffolder } from "./pack/scaffold.ts";
import { ROOT } from "./pack/workspace.ts";

// The scaffolder is asked to stop and cleans up after itself; this process stays to remove what was packed.
const stopping = ["SIGINT", "SIGTERM", "SIGHUP"];
let scaffolder;
for (const signal of stopping) process.on(signal, () => scaffolder?.kill(signal));

const args = process.argv.slice(2);
const packed = mkdtempSync(join(tmpdir(), "hardened-mcp-new-"));
try {
  await refuseEarly();
  console.error("Building and packing the packages. In a fresh clone this takes a minute or two.");
  build();
  packWorkspace(packed);
  process.exitCode = await scaffold();
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
} finally {
  rmSync(packed, { recursive: true, force: true });
}

/** A wrong command line is refused from the sources: nobody waits for a build to learn of it. */
async function refuseEarly() {
  const flags = join(ROOT, "packages/server/src/command-line/flags-entry.ts");
  const sources = { "@hardened-mcp/server/flags": pathToFileURL(flags).href };
  const hooks = registerHooks({ resolve: (name, context, next) => next(sources[name] ?? name, context) });
  const { parseFlags } = await import("../packages/create-hardened-mcp/src/options/flags.ts");
  hooks.deregister();
  parseFlags(args);
}

/** The scaffolder's exit code; that of a shell, where a signal ended it. It runs where the user called, not where pnpm runs. */
function scaffold() {
  const { INIT_CWD: cwd = process.cwd() } = process.env;
  scaffolder = startScaffolder(packed, args, { cwd, env: process.env, stdio: "inherit" });
  return new Promise((done, failed) => {
    scaffolder.once("error", failed);
    scaffolder.once("exit", (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}
