import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The module that a child runs: JavaScript, as this module is once it is built. Run from its TypeScript, as the tests of this repository
 * do, it takes the build where that is of these very sources: a process is then up in 75 ms, and in 250 otherwise (measured).
 */
export const CHILD_MODULE = import.meta.url.endsWith(".ts") ? ofSources() : here("../child/main.js");

function ofSources(): string {
  const [sources, built] = [here("../.."), here("../../../dist")];
  const isCurrent = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .every((name) => madeAt(join(built, name.replace(/ts$/, "js"))) >= madeAt(join(sources, name)));
  return isCurrent ? join(built, "sqlite/child/main.js") : here("../child/main.ts");
}

/** Milliseconds; a file that is not there is older than any. */
function madeAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
