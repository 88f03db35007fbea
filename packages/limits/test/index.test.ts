import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const INDEX = new URL("../src/index.ts", import.meta.url).href;
const SHARED = new URL("../src/shared.ts", import.meta.url).href;

/** The packages that are loaded along with a module, in a process that has loaded nothing else. */
async function packagesLoadedBy(module: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      resolve(specifier, context, next) {
        if (!/^(node:|[.]|file:)/.test(specifier)) loaded.add(specifier);
        return next(specifier, context);
      },
    });
    await import(${JSON.stringify(module)});
    console.log(JSON.stringify([...loaded]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout) as string[];
}

it("a server with limits of its own loads no other package", async () => {
  expect(await packagesLoadedBy(INDEX)).toEqual([]);
});

it("shared limits load state and two files of the library", async () => {
  const loaded = await packagesLoadedBy(SHARED);
  expect(loaded).toContain("rate-limiter-flexible/lib/RateLimiterStoreAbstract.js");
  expect(loaded).not.toContain("rate-limiter-flexible");
});
