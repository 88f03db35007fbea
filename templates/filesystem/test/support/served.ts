import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { type Answer, openSession, type Session, type SessionOptions, tempFolder } from "./session.ts";

/** A folder that is served as `files`, under the project's policy, with other files beside it. */
export interface Served {
  /** Holds the served folder and what is beside it. Gone after the test. */
  readonly folder: string;
  /** The served folder. */
  readonly root: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Writes a file, its path relative to `folder`. */
  write(path: string, text: string): void;
  /** Starts a server; `config` adds to the one above. */
  open(options?: SessionOptions): Promise<Session>;
}

/** @param files of the served folder: path to text */
export function served(t: TestContext, files: Readonly<Record<string, string>> = {}): Served {
  const folder = tempFolder(t);
  const root = join(folder, "served");
  const config = { roots: { files: root }, policy: "policy", local: { roles: ["writer"] }, maxFileBytes: 1000 };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) write(`served/${path}`, text);
  const open = (options: SessionOptions = {}) =>
    openSession(t, { ...options, folder, config: { ...config, ...options.config } });
  return { folder, root, config, write, open };
}

export const codeOf = (answer: Answer): string | undefined => answer.structuredContent?.error?.code;
