import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, it } from "vitest";
import { logRecord } from "../../../src/ship/otlp/log-record.ts";

const NOW = 1_767_323_045_006;

function recordOf(record: object) {
  const line = JSON.stringify(record);
  return logRecord({ kind: "record", log: "test/x", seq: 7, hash: "h", line }, resourceFromAttributes({}), NOW);
}

it.each([["yesterday"], [17], [null]])("takes its own time for a record whose time is %j", (ts) => {
  expect(recordOf({ type: "x", ts }).hrTime).toEqual([1_767_323_045, 6_000_000]);
});

it.each([["short"], ["0".repeat(32)], ["G".repeat(32)], [5]])("names no trace for %j", (trace) => {
  expect(recordOf({ type: "x", trace })).not.toHaveProperty("spanContext");
});

it("leaves out what a forged record has in place of a field", () => {
  const record = recordOf({
    type: { a: 1 },
    actor: "root",
    tool: { name: ["x"], def: { a: 1 } },
    outcome: [1],
    args: { plain: { a: 1 } },
  });
  expect(record.attributes).toEqual({
    "hardened_mcp.audit.log": "test/x",
    "hardened_mcp.audit.seq": 7,
    "hardened_mcp.audit.hash": "h",
    "hardened_mcp.audit.type": "",
    "hardened_mcp.audit.outcome.0": 1,
  });
});

it("has no argument among the attributes, not even one that a tool marks plain", () => {
  const record = recordOf({ type: "call.intent", args: { digest: "d", bytes: 2, plain: { path: "a" } } });
  expect(Object.keys(record.attributes).filter((name) => /args|plain|digest|path/.test(name))).toEqual([]);
});
