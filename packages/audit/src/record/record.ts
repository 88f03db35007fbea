import type {
  AuditActor,
  AuditArgs,
  AuditDecision,
  AuditDetail,
  AuditEvent,
  AuditOutcome,
  AuditTool,
  OwnEvent,
} from "../event.ts";
import { quote } from "./escape.ts";
import { GENESIS, HASH_CLOSE, HASH_OPEN, leafHash } from "./leaf.ts";
import { number } from "./number.ts";
import { startedDetail } from "./started.ts";

/** What shape, plain and hashed fields may take, each. */
const MAX_FIELDS_BYTES = 1024;

/** What the log adds to an event. */
export interface Position {
  readonly log: string;
  readonly seq: number;
  /** ISO 8601, milliseconds, UTC. Wall time may step; `seq` and `mono` do not. */
  readonly ts: string;
  /** Milliseconds of the system's monotonic clock. */
  readonly mono: number;
  readonly prev: string;
}

/** A finished line, with its line feed, and the hash the next record points to. */
export interface Line {
  readonly text: string;
  readonly hash: string;
}

/**
 * Writes one record. Built by hand in a fixed order: the hash covers exact bytes, and one pass costs half of
 * `JSON.stringify` plus escaping.
 */
export function recordLine(event: AuditEvent | OwnEvent, at: Position, maxBytes: number): Line {
  const detail = event.type === "server.started" ? startedDetail(event) : event.detail;
  let body = `${beginning(at.log)}${at.seq},"ts":"${at.ts}","mono":${number(at.mono)}`;
  body += `,"type":${quote(event.type)},"ref":${"ref" in event ? quote(event.ref) : '""'}`;
  if ("trace" in event) body += text("trace", event.trace);
  if ("actor" in event && event.actor) body += once(event.actor, actor);
  if ("tool" in event && event.tool) body += once(event.tool, tool);
  if ("args" in event && event.args) body += args(event.args);
  if ("decision" in event && event.decision) body += once(event.decision, decision);
  if ("outcome" in event && event.outcome) body += outcome(event.outcome);
  const tail = `,"prev":"${at.prev}"`;
  if (detail) body += details(detail, maxBytes - body.length - tail.length - HASH_OPEN.length - GENESIS.length - 3);
  body += tail;
  const hash = leafHash(body);
  return { text: `${body}${HASH_OPEN}${hash}${HASH_CLOSE}\n`, hash };
}

let begun: { readonly log: string; readonly text: string } | undefined;

/** The same for every record of a log. */
function beginning(log: string): string {
  if (begun?.log !== log) begun = { log, text: `{"v":1,"log":${quote(log)},"seq":` };
  return begun.text;
}

const written = new WeakMap<object, string>();

/**
 * Writes a frozen object once and remembers it: callers, tools and decisions are the same from call to call, and writing
 * them is half of a record's cost. What is not frozen may have changed, and is written anew.
 */
function once<T extends object>(value: T, write: (value: T) => string): string {
  const known = written.get(value);
  if (known !== undefined) return known;
  const fields = write(value);
  if (Object.isFrozen(value)) written.set(value, fields);
  return fields;
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? "" : `,"${name}":${quote(value)}`;
}

/** `fields` starts with the comma of its first member. */
function object(name: string, fields: string): string {
  return `,"${name}":{${fields.slice(1)}}`;
}

function actor(a: AuditActor): string {
  return object(
    "actor",
    text("issuer", a.issuer) + text("subject", a.subject) + text("client", a.client) + text("tenant", a.tenant),
  );
}

function tool(t: AuditTool): string {
  return object("tool", text("name", t.name) + text("def", t.def) + text("effect", t.effect));
}

function args(a: AuditArgs): string {
  const known = `${text("digest", a.digest)},"bytes":${number(a.bytes)}`;
  return object("args", known + values("shape", a.shape) + values("plain", a.plain) + values("hashed", a.hashed));
}

/** Fields of one argument each. Bounded: what does not fit is left out, and `…` says how many. */
function values(name: string, fields: Readonly<Record<string, string | number | boolean>> | undefined): string {
  if (fields === undefined) return "";
  let out = "";
  let dropped = 0;
  for (const [key, value] of Object.entries(fields)) {
    const field = `,${quote(key)}:${scalar(value)}`;
    if (out.length + field.length > MAX_FIELDS_BYTES) dropped++;
    else out += field;
  }
  if (dropped > 0) out += `,${quote("\u2026")}:${quote(String(dropped))}`;
  return out === "" ? "" : object(name, out);
}

function scalar(value: string | number | boolean): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "number" ? number(value) : String(value === true);
}

function decision(d: AuditDecision): string {
  return object(
    "decision",
    text("effect", d.effect) + text("step", d.step) + text("rule", d.rule) + text("code", d.code),
  );
}

function outcome(o: AuditOutcome): string {
  const truncated = o.truncated === undefined ? "" : `,"truncated":${o.truncated === true}`;
  return object(
    "outcome",
    `${text("code", o.code)},"isError":${o.isError === true},"bytes":${number(o.bytes)},"ms":${number(o.ms)}${truncated}`,
  );
}

/** Details are the only part without a bound of its own: what does not fit is dropped, and `cut` says how many. */
function details(detail: AuditDetail, room: number): string {
  const reserve = '"detail":{},"cut":99999999,'.length;
  let fields = "";
  let dropped = 0;
  for (const [key, value] of Object.entries(detail)) {
    if (value === undefined) continue;
    const field = `,${quote(key)}:${scalar(value)}`;
    if (dropped > 0 || fields.length + field.length + reserve > room) dropped++;
    else fields += field;
  }
  if (dropped > 0) fields += `,"cut":${dropped}`;
  return fields === "" ? "" : object("detail", fields);
}
