import type { AuditRecord } from "@hardened-mcp/audit/export";
import { expect, test } from "vitest";
import { tailLine } from "../../src/audit/tail-line.ts";

const RECORD: AuditRecord = {
  v: 1,
  log: "test/Uo0yW0GO0m4rJ5m1kKtq8Q",
  seq: 1,
  ts: "2026-01-01T00:00:00.000Z",
  mono: 1,
  type: "call.outcome",
  ref: "r1",
  tool: { name: "write_file" },
  outcome: { code: "ok", isError: false, bytes: 1, ms: 1 },
  prev: "A".repeat(43),
  hash: "B".repeat(43),
};
const line = (record: AuditRecord, colour: boolean) =>
  tailLine({ record, line: "", dir: "d", file: "f" }, { colour, dir: "d" });
const RED = "\u001b[31m";

test.each<[string, AuditRecord, string]>([
  ["a good end green", RECORD, "\u001b[32m"],
  ["a bad end red", { ...RECORD, outcome: { code: "internal", isError: true, bytes: 0, ms: 1 } }, RED],
  ["weakened protection red", { ...RECORD, type: "weakening" }, RED],
  ["a switch yellow", { ...RECORD, type: "switch.changed" }, "\u001b[33m"],
  ["what it does not know yellow", { ...RECORD, type: "later.thing" }, "\u001b[33m"],
])("on a terminal, %s", (_what, record, colour) => {
  expect(line(record, true)).toContain(colour);
  expect(line(record, false)).toMatch(/^[ -~]*\n$/);
});

test("colours change no column", () => {
  const bare = line(RECORD, true).replaceAll(/\u001b\[\d+m/g, "");
  expect(bare).toBe(line(RECORD, false));
});

test("the definitions of nine hundred tools do not fill the line of a start", () => {
  const tools = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`tool.t${i}`, "read x"]));
  const started = {
    ...RECORD,
    type: "server.started",
    detail: { version: "1.2.3", weakening: "", ...tools, tools: 900 },
  };
  expect(line(started, false)).toContain("version=1.2.3 weakening= tools=900\n");
});
