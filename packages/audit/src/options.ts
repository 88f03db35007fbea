import { resolve } from "node:path";
import type { AuditLogOptions } from "./audit-log.ts";
import { auditDefaults } from "./defaults.ts";
import { AuditError } from "./errors.ts";
import type { Signer } from "./signer/signer.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly dir: string;
  readonly server: string;
  readonly signer: Signer | undefined;
  readonly maxRecordBytes: number;
  readonly maxDelayMs: number;
  readonly maxQueuedBytes: number;
  readonly maxSegmentBytes: number;
  readonly maxSegmentAgeMs: number;
  readonly keepSegments: number;
  readonly keepBytes: number;
  readonly keepMs: number;
  readonly checkpointRecords: number;
  readonly checkpointMs: number;
  readonly maxUnsignedMs: number;
  readonly digestKeyMs: number;
}

type NumberName = Exclude<keyof Settings, "dir" | "server" | "signer">;

const YEAR_MS = 366 * 24 * 60 * 60 * 1000;
const GiB = 1024 * 1024 * 1024;

/** Least and most of each number; one record of the largest kind and its segment's first one must fit a segment. */
const BOUNDS: Readonly<Record<NumberName, readonly [min: number, max: number]>> = {
  maxRecordBytes: [8192, auditDefaults.startCheckBytes / 2],
  maxDelayMs: [1, 60_000],
  maxQueuedBytes: [8192, GiB],
  maxSegmentBytes: [64 * 1024, GiB],
  maxSegmentAgeMs: [1000, YEAR_MS],
  keepSegments: [1, 1_000_000],
  keepBytes: [64 * 1024, Number.MAX_SAFE_INTEGER],
  keepMs: [1000, 100 * YEAR_MS],
  checkpointRecords: [1, auditDefaults.maxUnsignedRecords / 2],
  checkpointMs: [10, 300_000],
  maxUnsignedMs: [1000, 86_400_000],
  digestKeyMs: [1000, 10 * YEAR_MS],
};

/** Nothing is deleted unless somebody said so: a caller who floods the log must not be able to push evidence out of it. */
const KEEP_ALL = {
  keepSegments: Number.POSITIVE_INFINITY,
  keepBytes: Number.POSITIVE_INFINITY,
  keepMs: Number.POSITIVE_INFINITY,
};

/** @throws {AuditError} `invalid`, naming the option */
export function resolveOptions(options: AuditLogOptions): Settings {
  const { dir, server, signer } = options;
  refuseUnknown(options);
  if (dir === "") throw new AuditError("invalid", "dir: no folder given");
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(server)) {
    throw new AuditError("invalid", "server: lower-case letters, digits, '.', '_' and '-', at most 64");
  }
  const numbers = Object.fromEntries(
    (Object.keys(BOUNDS) as NumberName[]).map((name) => [name, within(name, options[name])]),
  );
  const settings = { dir: resolve(dir), server, signer, ...(numbers as Record<NumberName, number>) };
  if (settings.maxUnsignedMs < 2 * settings.checkpointMs) {
    throw new AuditError(
      "invalid",
      "maxUnsignedMs: at least twice checkpointMs, or a quiet log would refuse by itself",
    );
  }
  return settings;
}

function within(name: NumberName, value: number | undefined): number {
  if (value === undefined) return { ...auditDefaults, ...KEEP_ALL }[name];
  const [min, max] = BOUNDS[name];
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new AuditError("invalid", `${name}: a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A misspelt `keepMs` would keep for ever, or a misspelt `signer` sign with another key, and nobody would notice. */
function refuseUnknown(options: object): void {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown !== undefined) {
    throw new AuditError("invalid", `there is no option "${unknown}"; there are ${Object.keys(KNOWN).join(", ")}`);
  }
}

const KNOWN: Readonly<Record<keyof Settings, true>> = {
  dir: true,
  server: true,
  signer: true,
  maxRecordBytes: true,
  maxDelayMs: true,
  maxQueuedBytes: true,
  maxSegmentBytes: true,
  maxSegmentAgeMs: true,
  keepSegments: true,
  keepBytes: true,
  keepMs: true,
  checkpointRecords: true,
  checkpointMs: true,
  maxUnsignedMs: true,
  digestKeyMs: true,
};
