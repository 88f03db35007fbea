import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { tempFolder } from "./start.ts";

/** A file of notes, with a configuration for it under the project's policy. */
export interface NotesFile {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What the file holds, as text. */
  stored(): string;
  /** Puts something else into the file, behind the server's back. */
  store(text: string): void;
}

export function notesFile(t: TestContext, notes: readonly { readonly id: string; readonly text: string }[]): NotesFile {
  const folder = tempFolder(t);
  const file = join(folder, "notes.json");
  const store = (text: string) => writeFileSync(file, text, { mode: 0o600 });
  store(JSON.stringify(notes));
  const config = { notesFile: file, policy: "policy", local: { roles: ["writer"] } };
  return { folder, config, store, stored: () => readFileSync(file, "utf8") };
}
