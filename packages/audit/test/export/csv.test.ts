import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AuditRecord } from "../../src/export/audit-record.ts";
import { csvHead, csvRow } from "../../src/export/csv.ts";
import { csvColumns } from "../../src/export/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";

const RECORD: AuditRecord = {
  v: 1,
  log: "files/Uo0yW0GO0m4rJ5m1kKtq8Q",
  seq: 7,
  ts: "2026-01-01T00:00:00.250Z",
  mono: 12.5,
  type: "call.outcome",
  ref: "r1",
  actor: { subject: 'O"Neil, Jr.' },
  tool: { name: "write_file", effect: "write" },
  outcome: { code: "ok", isError: false, bytes: 12, ms: null },
  detail: { a: "x,y", b: 2 },
  prev: GENESIS,
  hash: `-${"A".repeat(42)}`,
};

/** As another program reads it. */
function cells(record: AuditRecord): Readonly<Record<string, string>> {
  const [row = {}, ...more] = parse(csvHead + csvRow(record), {
    columns: true,
    record_delimiter: "\r\n",
  }) as Record<string, string>[];
  expect(more).toEqual([]);
  return row;
}

test("the columns are these, in this order", () => {
  expect(csvColumns.join(" ")).toBe(
    "log seq time type ref trace issuer subject client tenant tool tool_def tool_effect decision step rule code is_error bytes ms truncated args_digest args_bytes args_shape args_plain args_hashed detail hash",
  );
  expect(Object.keys(cells(RECORD))).toEqual(csvColumns);
});

test("another program reads the values back", () => {
  expect(cells(RECORD)).toMatchObject({
    seq: "7",
    time: "2026-01-01T00:00:00.250Z",
    subject: 'O"Neil, Jr.',
    client: "",
    code: "ok",
    is_error: "false",
    ms: "",
    detail: '{"a":"x,y","b":2}',
  });
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "-cmd|' /C calc'!A0"])(
  "%j is no formula",
  (subject) => {
    const cell = cells({ ...RECORD, actor: { subject } })["subject"] ?? "";
    expect(cell).toMatch(/^['\\]/);
  },
);

test("a hash that begins like a formula is there behind its quote", () => {
  expect(cells(RECORD)["hash"]).toBe(`'${RECORD.hash}`);
});

test("one quote off every cell that begins with one gives the value again", () => {
  const text = fc.string({ unit: fc.constantFrom(..."=+-@'\",\r\n\tab "), maxLength: 12 });
  fc.assert(
    fc.property(text, (subject) => {
      const row = csvRow({ ...RECORD, actor: { subject } });
      expect(row).toMatch(/^[ -~]*\r\n$/);
      const cell = cells({ ...RECORD, actor: { subject } })["subject"] ?? "";
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      const value = cell
        .replace(/^'/, "")
        .replaceAll(/\\u([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      expect(value).toBe(subject);
    }),
    { numRuns: 500 },
  );
});

test("no text reaches a terminal or a spreadsheet as it came", () => {
  const subject = "\u001b[2J\u202e\u2028\uff1d1+1\r\nx";
  expect(csvRow({ ...RECORD, actor: { subject }, detail: { x: subject } })).toMatch(/^[ -~]*\r\n$/);
});
