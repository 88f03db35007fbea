import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { tempFolder } from "@hardened-mcp/server/testing";

/** A folder that is served as `files`, with room beside it. The configuration names no policy: the project's holds even so. */
export function served(t: TestContext, files: Readonly<Record<string, string>> = {}) {
  const folder = tempFolder(t);
  const root = join(folder, "served");
  /** Writes a file, its path relative to `folder`. */
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) write(`served/${path}`, text);
  return { folder, root, write, config: { roots: { files: root }, maxFileBytes: 1000 } };
}
