import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ApiConfig } from "../../src/config/api-schema.ts";
import { apiConfig } from "../../src/config/api-schema.ts";
import { entriesOf } from "../../src/document/entries.ts";
import { type OpenApiDocument, parseDocument } from "../../src/document/load-document.ts";

const require = createRequire(import.meta.url);

/** A folder of an installed package; its `exports` may not name what is in it. */
function packageFolder(name: string): string {
  const found = require.resolve
    .paths(name)
    ?.map((folder) => join(folder, name))
    .find(hasManifest);
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

function hasManifest(folder: string): boolean {
  try {
    readFileSync(join(folder, "package.json"));
    return true;
  } catch {
    return false;
  }
}

export function textOf(packageName: string, file: string): string {
  return readFileSync(join(packageFolder(packageName), file), "utf8");
}

export function githubText(): string {
  return textOf("@octokit/openapi", "generated/api.github.com.json");
}

/** Every small document that readme.com keeps to show one feature of OpenAPI 3.0 and 3.1 each. */
export async function exampleFiles(): Promise<readonly string[]> {
  const folder = dirname(join(packageFolder("@readme/oas-examples"), "package.json"));
  const files: string[] = [];
  for (const version of ["3.0", "3.1"]) {
    for (const kind of ["json", "yaml"]) {
      for (const name of await readdir(join(folder, version, kind), { recursive: true })) {
        if (/\.(?:json|yaml)$/.test(name)) files.push(join(folder, version, kind, name));
      }
    }
  }
  return files.sort();
}

/** A configuration that lists every operation that writes, so that each of a document is mapped. */
export function everything(document: OpenApiDocument): ApiConfig {
  const { entries } = entriesOf(document.root);
  const write = entries.filter(({ method }) => method !== "GET" && method !== "HEAD").map(({ id }) => id);
  const config = apiConfig.parse({});
  return { ...config, operations: { ...config.operations, write } };
}

export const parse: (text: string) => OpenApiDocument = parseDocument;
