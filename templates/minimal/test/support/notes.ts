import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { tempFolder } from "@hardened-mcp/server/testing";

/** A file of notes of a test's own. Its configuration names no policy: the project's holds even so. */
export function notesFile(t: TestContext, notes: readonly { readonly id: string; readonly text: string }[]) {
  const folder = tempFolder(t);
  const file = join(folder, "notes.json");
  /** Puts something else into the file, behind the server's back. */
  const store = (text: string) => writeFileSync(file, text, { mode: 0o600 });
  store(JSON.stringify(notes));
  return { folder, config: { notesFile: file }, store, stored: () => readFileSync(file, "utf8") };
}
