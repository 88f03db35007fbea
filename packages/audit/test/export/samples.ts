import type { AuditEvent, LogEvent, LogUnfinished } from "../../src/event.ts";
import type { RecordType } from "../../src/export/record-types.ts";
import { intent, outcome } from "../children/events.ts";

type Own = LogEvent | LogUnfinished;

const HASH = "d".repeat(43);
const ROOT = "qsYbSdRyNyEr7q1X7hYyZ1B8pOpd5p7bTQmIBeNOVfI=";
const actor = { issuer: "https://idp.example", subject: "u-1", client: "c-1", tenant: "t-1" };
const tool = { name: "write_file", def: HASH, effect: "write" } as const;
const args = { digest: HASH, bytes: 120, shape: { path: "string:12" }, plain: { force: true }, hashed: { path: HASH } };
const trace = "0af7651916cd43dd8448eb211c80319c";

/** One or more events of every type; a type without a row does not compile. */
export const samples: Readonly<Record<RecordType, readonly (AuditEvent | Own)[]>> = {
  "call.intent": [
    intent("r1"),
    { ...intent("r2"), trace, args, detail: { method: "tools/call", degraded: true } } as AuditEvent,
    {
      type: "call.intent",
      ref: "r3",
      actor: {},
      tool: { name: "tools/list", effect: "read" },
      args: { digest: HASH, bytes: 2 },
      decision: { effect: "allow", step: "authorize" },
    },
  ],
  "call.outcome": [
    outcome("r1"),
    {
      type: "call.outcome",
      ref: "r2",
      actor,
      trace,
      tool: { name: "delete_note", effect: "destroy" },
      outcome: { code: "internal", isError: true, bytes: 0, ms: 31.4, truncated: true },
      detail: { step: "run" },
    },
    {
      type: "call.outcome",
      ref: "r2a",
      tool: { name: "write_file", effect: "write" },
      outcome: { code: "conflict", isError: true, bytes: 0, ms: 2 },
    },
    {
      type: "call.outcome",
      ref: "r3",
      tool: { name: "fetch", effect: "external" },
      outcome: { code: "ok", isError: false, bytes: 1, ms: Number.NaN },
    },
  ],
  "call.refused": [
    {
      type: "call.refused",
      ref: "r4",
      actor,
      tool,
      args,
      decision: { effect: "deny", step: "authorize", rule: "no-write", code: "denied" },
      detail: { method: "tools/call" },
    },
    { type: "call.refused", ref: "r5", decision: { effect: "deny", step: "find", code: "not_found" } },
    {
      type: "call.refused",
      ref: "r6",
      tool: { name: "\u001b[2J\u202e=HYPERLINK(1)" },
      decision: { effect: "deny", step: "admit", code: "rate_limited" },
    },
    { type: "call.refused", ref: "r6a", decision: { effect: "deny", step: "record_intent", code: "unavailable" } },
  ],
  "entry.rejected": [
    {
      type: "entry.rejected",
      ref: "r7",
      decision: { effect: "deny", step: "entry", rule: "host", code: "denied" },
      detail: { transport: "http", address: "203.0.113.7" },
    },
    {
      type: "entry.rejected",
      ref: "r8",
      decision: { effect: "deny", step: "entry", rule: "bad_json", code: "invalid_input" },
      detail: { transport: "stdio" },
    },
    {
      type: "entry.rejected",
      ref: "r9",
      decision: { effect: "deny", step: "entry", rule: "flood", code: "rate_limited" },
      detail: { transport: "http", suppressed: 9, addresses: 3 },
    },
  ],
  "auth.failed": [
    {
      type: "auth.failed",
      ref: "r10",
      actor,
      decision: { effect: "deny", step: "entry", rule: "authentication", code: "denied" },
      detail: { transport: "http", address: "2001:db8::1", why: "expired" },
    },
    {
      type: "auth.failed",
      ref: "r11",
      decision: { effect: "deny", step: "entry", code: "denied" },
      detail: { transport: "http", address: "unknown" },
    },
  ],
  "approval.requested": [
    {
      type: "approval.requested",
      ref: "r12",
      actor,
      tool,
      args,
      decision: { effect: "approve", step: "approve", rule: "destroy" },
    },
  ],
  "approval.decided": [
    { type: "approval.decided", ref: "r12", actor, tool, decision: { effect: "allow", step: "approve" } },
    { type: "approval.decided", ref: "r13", actor, tool, decision: { effect: "deny", step: "approve" } },
  ],
  "approval.consumed": [{ type: "approval.consumed", ref: "r12", tool, args }],
  "approval.expired": [{ type: "approval.expired", ref: "r14", tool }],
  "server.started": [
    { type: "server.started", version: "1.2.3", transport: "http", config: HASH, weakening: [], tools: [tool] },
    {
      type: "server.started",
      version: "1.2.3",
      transport: "stdio",
      config: HASH,
      weakening: ["--dangerously-allow-all"],
      tools: Array.from({ length: 900 }, (_, i) => ({ name: `tool_${i}`, def: HASH, effect: "read" as const })),
    },
  ],
  "server.stopped": [{ type: "server.stopped", detail: { reason: "SIGTERM" } }, { type: "server.stopped" }],
  "config.loaded": [
    { type: "config.loaded", detail: { what: "policies", digest: HASH, rules: 4, warnings: 0 } },
    { type: "config.loaded", detail: { what: "tls", outcome: "refused", why: "unreadable" } },
  ],
  weakening: [{ type: "weakening", detail: { flag: "--dangerously-allow-all" } }],
  "state.changed": [
    { type: "state.changed", detail: { part: "state", available: false } },
    { type: "state.changed", detail: { part: "state", available: true } },
  ],
  "switch.changed": [{ type: "switch.changed", detail: { switch: "tool", is: "on", tool: "write_file", who: "ops" } }],
  "tool.changed": [
    { type: "tool.changed", tool, detail: { change: "changed", was: HASH } },
    { type: "tool.changed", tool, detail: { change: "added" } },
  ],
  "log.opened": [
    {
      type: "log.opened",
      detail: {
        pid: 4242,
        unfinished: 1,
        key: "k1",
        key_until: "2026-01-31T00:00:00.000Z",
        signer: `test/x+9pBq1sWm+${ROOT}`,
      },
    },
  ],
  "log.recovered": [{ type: "log.recovered", detail: { cut_bytes: 120 } }],
  "log.segment": [{ type: "log.segment", detail: { size: 3, root: HASH, "frontier.0": HASH, "frontier.1": HASH } }],
  "log.pruned": [{ type: "log.pruned", detail: { from: 0, to: 3, root: HASH, why: "age" } }],
  "log.key_rotated": [
    {
      type: "log.key_rotated",
      detail: { old: "a", new: "b", size: 9, root: HASH, old_signature: ROOT, new_signature: ROOT },
    },
  ],
  "log.unsigned": [{ type: "log.unsigned", detail: { since: 4 } }],
  "log.signed": [{ type: "log.signed", detail: { size: 9 } }],
  "log.digest_key": [{ type: "log.digest_key", detail: { key: "k2", until: "2027-01-01T00:00:00.000Z" } }],
  "log.digest_key_destroyed": [{ type: "log.digest_key_destroyed", detail: { key: "k1" } }],
  "log.clock_stepped": [{ type: "log.clock_stepped", detail: { step_ms: -3600000 } }],
  "log.unfinished": [{ type: "log.unfinished", ref: "r2", tool: { name: "delete_note" }, detail: { intent: 12 } }],
  "log.stopped": [{ type: "log.stopped" }],
};
