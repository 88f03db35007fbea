import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditLog, openAuditLog } from "@hardened-mcp/audit";
import { onTestFinished } from "vitest";

/** A record as it stands on disk. */
export interface WrittenRecord {
  readonly type: string;
  readonly ref: string;
  readonly tool?: { readonly name: string; readonly def?: string };
  readonly args?: {
    readonly digest: string;
    readonly bytes: number;
    readonly shape?: Readonly<Record<string, string>>;
    readonly plain?: Readonly<Record<string, unknown>>;
    readonly hashed?: Readonly<Record<string, string>>;
  };
  readonly decision?: { readonly step: string; readonly rule?: string; readonly code?: string };
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface RealAudit {
  readonly log: AuditLog;
  readonly dir: string;
  /** Everything in the folder's segments, byte for byte. */
  text(): Promise<string>;
  records(): Promise<WrittenRecord[]>;
}

/** A real audit log in a folder of its own. */
export async function realAudit(): Promise<RealAudit> {
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-audit-"));
  const log = await openAuditLog({ dir, server: "test" });
  onTestFinished(async () => {
    await log.close().catch(() => undefined);
    rmSync(dir, { recursive: true, force: true });
  });
  const text = async (): Promise<string> => {
    await log.durable();
    const segments = readdirSync(dir).filter((name) => name.endsWith(".jsonl"));
    return segments
      .sort()
      .map((name) => readFileSync(join(dir, name), "latin1"))
      .join("");
  };
  return {
    log,
    dir,
    text,
    records: async () =>
      (await text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as WrittenRecord),
  };
}
