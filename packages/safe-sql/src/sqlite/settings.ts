import { hkdfSync, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SqlError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from "../source.ts";
import type { SqliteOptions } from "./options.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly file: string;
  readonly limits: SourceLimits;
  readonly writable: boolean;
  readonly processes: number;
  readonly maskKey: Uint8Array;
  readonly cursorKey: Uint8Array;
}

const OPTIONS: readonly (keyof SqliteOptions)[] = [
  "file",
  "rules",
  "limits",
  "writable",
  "processes",
  "maskKey",
  "cursorKey",
];
const LEAST_KEY_BYTES = 32;
const LEAST_MEMORY_BYTES = 96 * 1024 * 1024;

/** @throws {SqlError} `invalid_option` */
export function settingsOf(options: SqliteOptions): Settings {
  assertNames("option", Object.keys(options), OPTIONS);
  assertNames("limit", Object.keys(options.limits ?? {}), Object.keys(DEFAULT_SOURCE_LIMITS));
  const limits = { ...DEFAULT_SOURCE_LIMITS, ...options.limits };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new SqlError("invalid_option", { hint: `${name} must be a whole number above 0` });
    }
  }
  if (limits.maxMemoryBytes < LEAST_MEMORY_BYTES) {
    throw new SqlError("invalid_option", { hint: `maxMemoryBytes must be at least ${LEAST_MEMORY_BYTES}` });
  }
  const processes = options.processes ?? 2;
  if (!Number.isSafeInteger(processes) || processes < 1 || processes > 64) {
    throw new SqlError("invalid_option", { hint: "processes must be from 1 to 64" });
  }
  for (const name of ["maskKey", "cursorKey"] as const) {
    if ((options[name]?.length ?? LEAST_KEY_BYTES) < LEAST_KEY_BYTES) {
      throw new SqlError("invalid_option", { hint: `${name} must have at least ${LEAST_KEY_BYTES} bytes` });
    }
  }
  const file = resolve(options.file);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new SqlError("invalid_option", { hint: "there is no such database file" });
  }
  const secret = options.maskKey ?? randomBytes(LEAST_KEY_BYTES);
  return {
    file,
    limits,
    writable: options.writable === true,
    processes,
    maskKey: derived(secret, "mask"),
    cursorKey: derived(options.cursorKey ?? secret, "cursor"),
  };
}

function assertNames(kind: string, given: readonly string[], known: readonly string[]): void {
  const wrong = given.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    const close = nearest(wrong, known);
    throw new SqlError("invalid_option", {
      hint: `no ${kind} ${wrong}${close === undefined ? "" : `; did you mean ${close}?`}`,
    });
  }
}

function derived(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", `hardened-mcp safe-sql sqlite ${purpose}`, 32));
}
