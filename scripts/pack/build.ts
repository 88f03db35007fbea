import { rmSync } from "node:fs";
import { join } from "node:path";
import { pnpm } from "./pnpm.ts";
import { publishable, ROOT } from "./workspace.ts";

const BUILD = ["exec", "turbo", "run", "build", "--output-logs=errors-only"];

/**
 * Builds what is not built: more than a minute in a fresh clone, a second afterwards.
 *
 * @throws {Error} with what the compiler said
 */
export function build(): void {
  pnpm(BUILD);
}

/**
 * Removes what was built and builds it again, without a cache. The compiler leaves the output of a source that is gone, and a
 * cache brings it back: neither may be released.
 *
 * @throws {Error} with what the compiler said
 */
export function buildFromNothing(): void {
  for (const { folder } of publishable()) {
    rmSync(join(ROOT, folder, "dist"), { recursive: true, force: true });
    rmSync(join(ROOT, folder, "tsconfig.tsbuildinfo"), { force: true });
  }
  pnpm([...BUILD, "--force"]);
}
