import type { AuditActor, AuditArgs, AuditDecision, AuditOutcome, AuditTool } from "../event.ts";

/** As it was written, and read back: a number that was not finite is null. */
type Read<T> = T extends number ? T | null : T extends object ? { readonly [K in keyof T]: Read<T[K]> } : T;

/** A record as it stands on disk; record.schema.json describes every field. */
export interface AuditRecord {
  readonly v: 1;
  readonly log: string;
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly ts: string;
  readonly mono: number | null;
  /** One of `recordTypes`; another, if a later version wrote it. */
  readonly type: string;
  readonly ref: string;
  readonly trace?: string;
  readonly actor?: AuditActor;
  readonly tool?: AuditTool;
  readonly args?: Read<AuditArgs>;
  readonly decision?: AuditDecision;
  readonly outcome?: Read<AuditOutcome>;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly prev: string;
  readonly hash: string;
}

type Kind = "text" | "number" | "boolean" | "texts" | "scalars" | readonly string[];
/** Name of a field to what it may be; a name that ends in `?` may be missing. */
type Shape = Readonly<Record<string, Kind>>;

const RECORD: Shape = { log: "text", ts: "text", mono: "number", type: "text", ref: "text", "trace?": "text" };

const PARTS: Readonly<Record<string, Shape>> = {
  actor: { "issuer?": "text", "subject?": "text", "client?": "text", "tenant?": "text" },
  tool: { name: "text", "def?": "text", "effect?": ["read", "write", "destroy", "external"] },
  args: { digest: "text", bytes: "number", "shape?": "texts", "plain?": "scalars", "hashed?": "texts" },
  decision: { effect: ["allow", "deny", "approve"], step: "text", "rule?": "text", "code?": "text" },
  outcome: { code: "text", isError: "boolean", bytes: "number", ms: "number", "truncated?": "boolean" },
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HASH = /^[A-Za-z0-9_-]{43}$/;
const PRINTABLE = /^[ -~]*$/;

/**
 * Parses a line of a segment: after this, its fields have the types they are declared with. Somebody who may write to the
 * folder can give a record any content and a hash that fits it, so readers trust neither.
 *
 * A field that this version does not know is let through; a field it knows and that is of another type is not.
 *
 * @param line without its line feed; one character a byte
 * @returns the record, or in plain words what is wrong with the line
 */
export function parseRecord(line: string): AuditRecord | string {
  if (!PRINTABLE.test(line)) return "the line has bytes that no record has";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "the line is not JSON";
  }
  if (!isObject(value)) return "the line is no record";
  if (value["v"] !== 1) return "the record has an unknown version";
  const bad = wrongField(value, RECORD) ?? wrongPart(value);
  if (bad !== undefined) return `the record's ${bad} is missing or not what it must be`;
  return value as unknown as AuditRecord;
}

function wrongPart(value: Readonly<Record<string, unknown>>): string | undefined {
  const { seq, ts, prev, hash, detail } = value;
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) return "seq";
  if (!TIME.test(ts as string) || Number.isNaN(Date.parse(ts as string))) return "ts";
  if (typeof prev !== "string" || !HASH.test(prev)) return "prev";
  if (typeof hash !== "string" || !HASH.test(hash)) return "hash";
  if (detail !== undefined && !is(detail, "scalars")) return "detail";
  for (const name in PARTS) {
    const part = value[name];
    if (part === undefined) continue;
    const wrong = isObject(part) ? wrongField(part, PARTS[name] ?? {}) : "";
    if (wrong !== undefined) return wrong === "" ? name : `${name}.${wrong}`;
  }
  return undefined;
}

function wrongField(value: Readonly<Record<string, unknown>>, shape: Shape): string | undefined {
  for (const key in shape) {
    const optional = key.endsWith("?");
    const name = optional ? key.slice(0, -1) : key;
    const field = value[name];
    if (field === undefined ? !optional : !is(field, shape[key] ?? "text")) return name;
  }
  return undefined;
}

function is(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number" || value === null;
    case "boolean":
      return typeof value === "boolean";
    case "texts":
      return isObject(value) && Object.values(value).every((one) => typeof one === "string");
    case "scalars":
      return isObject(value) && Object.values(value).every((one) => typeof one !== "object" || one === null);
    default:
      return (kind as readonly unknown[]).includes(value);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
