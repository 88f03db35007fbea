import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type AuditEvent, type AuditLog, openAuditLog } from "../src/index.ts";

export const FIRST = "audit-00000000000000000000.jsonl";

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "audit-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function intent(ref: string): AuditEvent {
  return {
    type: "call.intent",
    ref,
    actor: { issuer: "https://idp.example", subject: "u-1", client: "c-1", tenant: "t-1" },
    tool: { name: "write_file", def: "d".repeat(43), effect: "write" },
    args: { digest: "x".repeat(43), bytes: 120 },
    decision: { effect: "allow", step: "authorize", rule: "write-scope" },
  };
}

export function outcome(ref: string): AuditEvent {
  return {
    type: "call.outcome",
    ref,
    tool: { name: "write_file" },
    outcome: { code: "ok", isError: false, bytes: 12, ms: 1.5 },
  };
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
