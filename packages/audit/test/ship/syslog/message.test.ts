import { expect, it } from "vitest";
import { syslogFrame } from "../../../src/ship/syslog/message.ts";
import type { Item } from "../../../src/ship/target/target.ts";

const settings = { facility: 13, enterprise: 32_473, hostname: "web-1", maxMessageBytes: 65_536 };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

/** A record as somebody would make it who may write to the log's folder. */
function forged(record: object, log = "test/x"): Item {
  return { kind: "record", log, seq: 7, hash: "h", line: JSON.stringify(record) };
}

it("counts octets, so that one message cannot become two", () => {
  const frame = syslogFrame(forged({ type: "call.intent", ts: "2026-01-02T03:04:05.006Z" }), settings, NOW);
  const [, length = "", message = ""] = /^(\d+) ([\s\S]*)$/.exec(frame) ?? [];
  expect(Buffer.byteLength(message)).toBe(Number(length));
});

it("keeps a forged log id inside its quotes, and its name to printable ASCII", () => {
  const frame = syslogFrame(forged({ type: "x" }, 'a b\u001b[2J/"] <110>1 - evil \\'), settings, NOW);
  expect(frame).toContain(
    ' web-1 ab[2J - x [hardened-mcp@32473 log="a b?[2J/\\"\\] <110>1 - evil \\\\" seq="7" hash="h"]',
  );
  expect(frame).toMatch(/^[ -~]*$/);
});

it.each([["yesterday"], [17], ["2026-01-02T03:04:05.006Z <1>1"]])("has no time for a record whose time is %j", (ts) => {
  expect(syslogFrame(forged({ type: "x", ts }), settings, NOW)).toMatch(/^\d+ <110>1 - web-1 /);
});

it("has no id for a record without a type", () => {
  expect(syslogFrame(forged({ ts: "-" }), settings, NOW)).toContain(" web-1 test - - [");
});

it("writes a note as one line of ASCII that comes back as it was", () => {
  const note = "test/x\n1\nroot\n\n\u2014 test/x sig\n";
  const frame = syslogFrame({ kind: "note", log: "test/x", size: 1, note }, settings, NOW);
  expect(frame).toMatch(/^[ -~]*$/);
  expect(JSON.parse(frame.slice(frame.indexOf('] "') + 2))).toBe(note);
});

it("says a gap as an error", () => {
  const gap: Item = { kind: "gap", log: "test/x", code: "pruned", from: 3, to: 9 };
  expect(syslogFrame(gap, settings, NOW)).toContain(
    '<107>1 2026-01-02T03:04:05.006Z web-1 test - gap [hardened-mcp@32473 log="test/x" reason="pruned" from="3" to="9"]',
  );
});
