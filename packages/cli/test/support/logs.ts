import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { OWNER, sampleLog, THIEF } from "../../../audit/test/support/attack.ts";

export const OWNER_KEY = OWNER.key.text;
export const THIEF_KEY = THIEF.key.text;

/** A folder of its own for one test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "cli-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A signed log of 42 records in three segments. */
export function signedLog(): string {
  const dir = join(folder(), "log");
  sampleLog(dir);
  return dir;
}

/** A file with this text, outside any log. */
export function fileOf(text: string): string {
  const path = join(folder(), "file.txt");
  writeFileSync(path, text);
  return path;
}
