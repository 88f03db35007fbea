import { pnpm } from "./pnpm.ts";

/**
 * Builds what is not built: more than a minute in a fresh clone, a second afterwards.
 *
 * @throws {Error} with what the compiler said
 */
export function build(): void {
  pnpm(["exec", "turbo", "run", "build", "--output-logs=errors-only"]);
}
