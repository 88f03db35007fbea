import { randomBytes } from "node:crypto";
import { SqlError } from "../errors.ts";
import type { SourceRules } from "../rules/rules.ts";
import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from "../source.ts";
import { readTarget, type Target } from "./connect/target.ts";
import { DEFAULT_POSTGRES, type PostgresOptions } from "./options.ts";

/** Options with everything decided. */
export interface Settings {
  readonly target: Target;
  readonly rules: SourceRules;
  readonly limits: SourceLimits;
  readonly schemas: readonly string[];
  readonly writable: boolean;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly workMemMiB: number;
  readonly cursorKey: Uint8Array;
}

const CURSOR_KEY_BYTES = 32;
/** What PostgreSQL takes for a number of milliseconds or kilobytes. */
const MOST = 2 ** 31 - 1;

/** @throws {SqlError} `invalid_option` */
export function settingsOf(options: PostgresOptions): Settings {
  const { poolSize, connectTimeoutMs, workMemMiB, schemas } = { ...DEFAULT_POSTGRES, ...options };
  const limits = { ...DEFAULT_SOURCE_LIMITS, ...options.limits };
  const { maxCost, maxMemoryBytes, maxTempBytes, ...bounded } = limits;
  for (const [name, value] of Object.entries({ poolSize, connectTimeoutMs, workMemMiB, ...bounded })) {
    if (!Number.isSafeInteger(value) || value < 1 || value > MOST)
      throw new SqlError("invalid_option", { hint: `${name}: a whole number from 1 on` });
  }
  if (maxCost !== undefined && !(maxCost > 0)) throw new SqlError("invalid_option", { hint: "maxCost: more than 0" });
  if (schemas.length === 0 || new Set(schemas).size !== schemas.length)
    throw new SqlError("invalid_option", { hint: "schemas: at least one, each once" });
  const cursorKey = options.cursorKey ?? randomBytes(CURSOR_KEY_BYTES);
  if (cursorKey.length < CURSOR_KEY_BYTES)
    throw new SqlError("invalid_option", { hint: "cursorKey: at least 32 bytes" });
  const { rules = {}, writable = false } = options;
  return {
    target: readTarget(options),
    rules,
    limits,
    schemas,
    writable,
    poolSize,
    connectTimeoutMs,
    workMemMiB,
    cursorKey,
  };
}
