import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
/** What the project that is generated depends on, by its package.json; it is written for zod 3. */
const DEPENDENCIES: Readonly<Record<string, string>> = {
  axios: "axios",
  dotenv: "dotenv",
  "json-schema-to-zod": "json-schema-to-zod",
  "@modelcontextprotocol/sdk": "@modelcontextprotocol/sdk",
  zod: "zod-3",
};

/**
 * The server that `openapi-mcp-generator` makes of a document, ready to run.
 *
 * @returns its main file
 */
export function generateProject(folder: string, documentFile: string): string {
  const generator = join(
    dirname(require.resolve("openapi-mcp-generator/package.json")),
    "bin/openapi-mcp-generator.js",
  );
  execFileSync(process.execPath, [generator, "--input", documentFile, "--output", folder, "--force"], {
    stdio: "ignore",
  });
  for (const [name, from] of Object.entries(DEPENDENCIES)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(MODULES, from)), link, "dir");
  }
  const main = join(folder, "build/index.js");
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(main, stripTypeScriptTypes(readFileSync(join(folder, "src/index.ts"), "utf8")));
  return main;
}
