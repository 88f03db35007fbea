import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditRecord } from "../../../src/export/audit-record.ts";
import { parseRecord } from "../../../src/export/audit-record.ts";
import { OCSF_VERSION, recordTypes, toOcsf } from "../../../src/export/index.ts";
import { ocsfLine } from "../../../src/export/ocsf/to-ocsf.ts";
import type { AuditEvent } from "../../../src/index.ts";
import { GENESIS } from "../../../src/record/leaf.ts";
import { recordLine } from "../../../src/record/record.ts";
import { samples } from "../samples.ts";
import type { Facts } from "./facts.ts";
import { validateOcsf } from "./validate.ts";

const facts: Facts = JSON.parse(readFileSync(join(import.meta.dirname, `facts-${OCSF_VERSION}.json`), "utf8"));

const AT = { log: "files/Uo0yW0GO0m4rJ5m1kKtq8Q", seq: 7, ts: "2026-01-01T00:00:00.250Z", mono: 12.5, prev: GENESIS };

/** As a reader gets it: written, then parsed. */
function logged(event: Parameters<typeof recordLine>[0]): AuditRecord {
  const record = parseRecord(recordLine(event, AT, 32_768).text.trimEnd());
  if (typeof record === "string") throw new Error(record);
  return record;
}

describe("every record is an event that the official schema accepts", () => {
  test.each(recordTypes)("%s", (type) => {
    for (const event of samples[type]) {
      const line = ocsfLine(logged(event));
      expect(line).toMatch(/^[ -~]+\n$/);
      expect(validateOcsf(facts, JSON.parse(line))).toEqual([]);
    }
  });

  test("of a type that a later version writes", () => {
    const record = { ...logged(samples["log.stopped"][0]!), type: "later.thing" };
    expect(validateOcsf(facts, toOcsf(record))).toEqual([]);
    expect(toOcsf(record)).toMatchObject({
      activity_id: 99,
      activity_name: "later.thing",
      severity_id: 0,
      status_id: 0,
    });
  });

  test.each(["constructor", "__proto__", "toString"])("of the type %s", (type) => {
    const record = { ...logged(samples["log.stopped"][0]!), type };
    expect(validateOcsf(facts, toOcsf(record))).toEqual([]);
  });

  test("whatever its text", () => {
    const text = fc.string({ unit: "binary", maxLength: 80 });
    const event = fc.record({
      type: fc.constantFrom("call.refused" as const),
      ref: text,
      trace: fc.option(text, { nil: undefined }),
      actor: fc.record({ issuer: text, subject: text, client: text, tenant: text }),
      tool: fc.record({ name: text, def: text }),
      decision: fc.record({ effect: fc.constantFrom("allow", "deny", "approve"), step: text, rule: text, code: text }),
      detail: fc.dictionary(
        fc.oneof(text, fc.constantFrom("address", "method", "transport", "who")),
        fc.oneof(text, fc.double()),
      ),
    });
    fc.assert(
      fc.property(event, (one) => {
        const line = ocsfLine(logged(one as AuditEvent));
        expect(line).toMatch(/^[ -~]+\n$/);
        expect(validateOcsf(facts, JSON.parse(line))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

test("an intent, field by field", () => {
  expect(toOcsf(logged(samples["call.intent"][1]!))).toEqual({
    activity_id: 3,
    activity_name: "Update",
    category_uid: 6,
    category_name: "Application Activity",
    class_uid: 6003,
    class_name: "API Activity",
    type_uid: 600303,
    type_name: "API Activity: Update",
    time: Date.parse(AT.ts),
    severity_id: 1,
    severity: "Informational",
    status_id: 99,
    status: "Pending",
    message: "call.intent write_file",
    actor: { user: { uid: "u-1" }, idp: { uid: "https://idp.example" }, app_uid: "c-1" },
    api: { operation: "tools/call", service: { name: "files" }, request: { uid: "r2" } },
    src_endpoint: { name: "unknown" },
    resources: [{ name: "write_file", type: "MCP tool", version: "d".repeat(43), role_id: 1, role: "Target" }],
    trace: { uid: "0af7651916cd43dd8448eb211c80319c" },
    action_id: 1,
    action: "Allowed",
    disposition_id: 1,
    disposition: "Allowed",
    policy: { name: "write-scope", is_applied: true },
    metadata: {
      version: "1.8.0",
      product: { name: "hardened-mcp", vendor_name: "hardened-mcp" },
      uid: `${AT.log}/7`,
      event_code: "call.intent",
      log_name: AT.log,
      log_version: "1",
      sequence: 7,
      original_time: AT.ts,
      correlation_uid: "r2",
      tenant_uid: "t-1",
      profiles: ["trace", "security_control"],
    },
    unmapped: {
      mcp: {
        mono: 12.5,
        effect: "write",
        args: expect.objectContaining({ bytes: 120, shape: { path: "string:12" } }),
        decision: { effect: "allow", step: "authorize", rule: "write-scope" },
        detail: { method: "tools/call", degraded: true },
        prev: GENESIS,
        hash: expect.stringMatching(/^[\w-]{43}$/),
      },
    },
  });
});

test.each<[string, AuditEvent, object]>([
  [
    "a failed call",
    samples["call.outcome"][1] as AuditEvent,
    {
      activity_id: 4,
      status_id: 2,
      status_code: "internal",
      severity_id: 3,
      duration: 31,
      api: { response: { error: "internal" } },
    },
  ],
  ["a call to the outside", samples["call.outcome"][3] as AuditEvent, { activity_id: 99, activity_name: "External" }],
  [
    "a refused call",
    samples["call.refused"][0] as AuditEvent,
    { status_id: 2, severity_id: 2, action: "Denied", disposition: "Unauthorized", policy: { name: "no-write" } },
  ],
  [
    "a call of an unknown tool",
    samples["call.refused"][1] as AuditEvent,
    { activity_id: 0, disposition: "Blocked", actor: { user: { name: "unknown" } } },
  ],
  ["a bad address at the door", samples["entry.rejected"][0] as AuditEvent, { src_endpoint: { ip: "203.0.113.7" } }],
  [
    "a bad line on stdio",
    samples["entry.rejected"][1] as AuditEvent,
    { src_endpoint: { name: "stdio" }, disposition: "Rejected" },
  ],
  ["a flood", samples["entry.rejected"][2] as AuditEvent, { severity_id: 3, src_endpoint: { name: "unknown" } }],
  [
    "a failed login",
    samples["auth.failed"][0] as AuditEvent,
    { severity_id: 3, status_id: 2, src_endpoint: { ip: "2001:db8::1" } },
  ],
  [
    "a question to a person",
    samples["approval.requested"][0] as AuditEvent,
    { action_id: 99, disposition: "Delayed", status: "Pending" },
  ],
  ["a person's no", samples["approval.decided"][1] as AuditEvent, { status_id: 1, disposition: "Rejected" }],
  ["a start with a weakening flag", samples["server.started"][1] as AuditEvent, { severity_id: 4, status_id: 1 }],
  [
    "an operator's switch",
    samples["switch.changed"][0] as AuditEvent,
    { actor: { user: { name: "ops" }, app_name: "files" }, src_endpoint: { svc_name: "files" }, severity_id: 2 },
  ],
])("%s", (_what, event, expected) => {
  expect(toOcsf(logged(event))).toMatchObject(expected);
});

test("a call without outcome has an unknown end, not a good one", () => {
  expect(toOcsf(logged(samples["log.unfinished"][0]!))).toMatchObject({ status_id: 0, severity_id: 3 });
});
