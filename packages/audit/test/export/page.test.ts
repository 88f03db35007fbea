import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AuditRecord, parseRecord } from "../../src/export/audit-record.ts";
import { csvColumns, OCSF_VERSION, type OcsfEvent, recordTypes, toOcsf } from "../../src/export/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { recordLine } from "../../src/record/record.ts";
import { samples } from "./samples.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/audit/export.md"), "utf8");
const AT = { log: "t/Uo0yW0GO0m4rJ5m1kKtq8Q", seq: 7, ts: "2026-01-01T00:00:00.250Z", mono: 1, prev: GENESIS };

/** The names that events of a type can have, in the order of their numbers. */
function names(events: readonly OcsfEvent[], number: "status_id" | "severity_id", name: "status" | "severity"): string {
  const found = new Map(events.map((event) => [event[number], event[name]]));
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, word]) => word)
    .join(", ");
}

test.each(recordTypes)("the page has the row of %s right", (type) => {
  const events = samples[type].map((event) =>
    toOcsf(parseRecord(recordLine(event, AT, 32_768).text.trimEnd()) as AuditRecord),
  );
  const activity = type.startsWith("call.") ? "by effect" : "Other: its name";
  const row = `| \`${type}\` | ${activity} | ${names(events, "status_id", "status")} | ${names(events, "severity_id", "severity")} |`;
  expect(page.split("\n")).toContain(row);
});

test("the page has no row of a type that is none", () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (?:by effect|Other)/gm)].map(([, type]) => type);
  expect(rows.toSorted()).toEqual(recordTypes.toSorted());
});

test("the page names the columns in their order, and the release of the schema", () => {
  const columns = /A new one would be added at the end\.\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? "";
  expect(columns.match(/[a-z_]+/g)).toEqual(csvColumns);
  expect(page).toContain(`OCSF ${OCSF_VERSION}, API Activity (6003)`);
});
