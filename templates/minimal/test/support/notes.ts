import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openSession, type Session, type SessionOptions, tempFolder } from "./session.ts";

const PROJECT = new URL("../../", import.meta.url);

/** A file of the project, parsed. */
export function projectJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(path, PROJECT), "utf8")) as Record<string, unknown>;
}

/** The server with the project's own configuration and policy, and notes of a test in place of the project's. */
export interface NotesSession extends Session {
  /** What the file holds, as text. */
  stored(): string;
  /** Puts something else into the file, behind the server's back. */
  store(text: string): void;
}

export async function openNotesSession(
  t: TestContext,
  notes: readonly { readonly id: string; readonly text: string }[],
  { config = {}, ...options }: SessionOptions = {},
): Promise<NotesSession> {
  const folder = tempFolder(t);
  const notesFile = join(folder, "notes.json");
  const store = (text: string) => writeFileSync(notesFile, text, { mode: 0o600 });
  store(JSON.stringify(notes));
  const own = { ...projectJson("server.config.json"), notesFile, ...config };
  const session = await openSession(t, { ...options, folder, config: own });
  return { ...session, store, stored: () => readFileSync(notesFile, "utf8") };
}
