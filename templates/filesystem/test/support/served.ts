import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { tempFolder } from "./start.ts";

/** A folder that is served as `files`, under the project's policy, with other files beside it. */
export interface Served {
  /** Holds the served folder and what is beside it. Gone after the test. */
  readonly folder: string;
  /** The served folder. */
  readonly root: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Writes a file, its path relative to `folder`. */
  write(path: string, text: string): void;
}

/** @param files of the served folder: path to text */
export function served(t: TestContext, files: Readonly<Record<string, string>> = {}): Served {
  const folder = tempFolder(t);
  const root = join(folder, "served");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) write(`served/${path}`, text);
  return { folder, root, write, config: { roots: { files: root }, policy: "policy", maxFileBytes: 1000 } };
}
