import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type AuditLog, openAuditLog } from "../src/index.ts";
import { intent, outcome } from "./children/events.ts";

export { intent, outcome };

export const FIRST = "audit-00000000000000000000.jsonl";

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "audit-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A closed log of `count` calls in `dir`. */
export async function writeLog(dir: string, count = 10): Promise<void> {
  const log = await openAuditLog({ dir, server: "test" });
  for (let i = 0; i < count; i++) {
    log.write(intent(`r${i}`));
    log.write(outcome(`r${i}`));
  }
  await log.close();
}

export function open(dir: string): Promise<AuditLog> {
  return openAuditLog({ dir, server: "test" });
}

export interface AnyRecord {
  readonly seq: number;
  readonly type: string;
  readonly ref: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** Every record of a log, parsed. */
export function records(dir: string): AnyRecord[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => readFileSync(join(dir, name), "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as AnyRecord);
}
