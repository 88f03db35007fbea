import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { AuditEvent } from "../../src/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { recordLine } from "../../src/record/record.ts";
import { intent } from "../support.ts";

const AT = { log: "test/abc", seq: 7, ts: "2026-01-01T00:00:00.000Z", mono: 12.5, prev: GENESIS };

test("has the fixed order of fields and the leaf hash of its bytes", () => {
  const { text, hash } = recordLine(
    { ...intent("r1"), trace: "t", detail: { n: 1, ok: true } } as AuditEvent,
    AT,
    32_768,
  );
  expect(Object.keys(JSON.parse(text))).toEqual(
    "v log seq ts mono type ref trace actor tool args decision detail prev hash".split(" "),
  );
  const body = text.slice(0, text.lastIndexOf(',"hash"'));
  expect(hash).toBe(createHash("sha256").update(`\0${body}`).digest("base64url"));
});

test("stays within its bound when every string is hostile, and keeps everything but the details", () => {
  const evil = "\u202e".repeat(5000);
  const hostile = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}${evil}`, evil]));
  const event: AuditEvent = {
    type: "call.refused",
    ref: evil,
    trace: evil,
    actor: { issuer: evil, subject: evil, client: evil, tenant: evil },
    tool: { name: evil, def: evil, effect: "write" },
    args: { digest: evil, bytes: 1, shape: hostile, plain: hostile, hashed: hostile },
    decision: { effect: "deny", step: evil, rule: evil, code: evil },
    detail: hostile,
  };
  const { text } = recordLine(event, AT, 8192);
  expect(text.length).toBeLessThanOrEqual(8192);
  const record = JSON.parse(text);
  expect(record.decision.effect).toBe("deny");
  expect(record.detail.cut).toBeGreaterThan(400);
  for (const fields of ["shape", "plain", "hashed"]) expect(Number(record.args[fields]["…"])).toBeGreaterThan(400);
});

test("a tool's name can neither forge a field nor shadow one", () => {
  const name = 'x"},"decision":{"effect":"allow"},"x":{"y":"';
  const event: AuditEvent = {
    type: "call.refused",
    ref: "r",
    tool: { name },
    decision: { effect: "deny", step: "find" },
  };
  const record = JSON.parse(recordLine(event, AT, 32_768).text);
  expect(record.tool.name).toBe(name);
  expect(record.decision).toEqual({ effect: "deny", step: "find" });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("writes %s as null, never as broken JSON", (ms) => {
  const event: AuditEvent = {
    type: "call.outcome",
    ref: "r",
    tool: { name: "t" },
    outcome: { code: "ok", isError: false, bytes: 0, ms },
  };
  expect(JSON.parse(recordLine(event, AT, 32_768).text).outcome.ms).toBeNull();
});

test("records a started server's tools one by one, also a tool and a prompt of one name", () => {
  const { text } = recordLine(
    {
      type: "server.started",
      version: "1.0.0",
      transport: "stdio",
      config: "c",
      weakening: ["--dangerously-x"],
      tools: [
        { name: "read", def: "abc", effect: "read" },
        { name: "read", def: "def", effect: "read" },
      ],
    },
    AT,
    32_768,
  );
  expect(JSON.parse(text).detail).toEqual({
    version: "1.0.0",
    transport: "stdio",
    config: "c",
    weakening: "--dangerously-x",
    tools: 2,
    "tool.read": "read abc",
    "tool.read#2": "read def",
  });
});

test("writes marked fields as they are told, with their types", () => {
  const event: AuditEvent = {
    ...(intent("r1") as Extract<AuditEvent, { type: "call.intent" }>),
    args: {
      digest: "d",
      bytes: 1,
      shape: { path: "string:2", n: "number" },
      plain: { n: 1, yes: true, path: "/\n" },
      hashed: { path: "h" },
    },
  };
  expect(JSON.parse(recordLine(event, AT, 32_768).text).args).toEqual(event.args);
});
