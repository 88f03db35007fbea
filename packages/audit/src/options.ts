import { resolve } from "node:path";
import type { AuditLogOptions } from "./audit-log.ts";
import { auditDefaults } from "./defaults.ts";
import { AuditError } from "./errors.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly dir: string;
  readonly server: string;
  readonly maxRecordBytes: number;
  readonly maxDelayMs: number;
  readonly maxQueuedBytes: number;
}

/** @throws {AuditError} `invalid`, naming the option */
export function resolveOptions(options: AuditLogOptions): Settings {
  const { dir, server } = options;
  if (dir === "") throw new AuditError("invalid", "dir: no folder given");
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(server)) {
    throw new AuditError("invalid", "server: lower-case letters, digits, '.', '_' and '-', at most 64");
  }
  return {
    dir: resolve(dir),
    server,
    maxRecordBytes: within("maxRecordBytes", options.maxRecordBytes, 8192, auditDefaults.startCheckBytes / 2),
    maxDelayMs: within("maxDelayMs", options.maxDelayMs, 1, 60_000),
    maxQueuedBytes: within("maxQueuedBytes", options.maxQueuedBytes, 8192, 1024 * 1024 * 1024),
  };
}

function within(
  name: "maxRecordBytes" | "maxDelayMs" | "maxQueuedBytes",
  value: number | undefined,
  min: number,
  max: number,
): number {
  if (value === undefined) return auditDefaults[name];
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new AuditError("invalid", `${name}: a whole number from ${min} to ${max}`);
  }
  return value;
}
