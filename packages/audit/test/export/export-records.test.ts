import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { type ExportOptions, exportFormats, exportRecords } from "../../src/export/index.ts";
import { verifyAuditLog } from "../../src/index.ts";
import { intent, temporaryFolder } from "../support.ts";
import { allEvents, FIRST, inSegments, logOf } from "./support.ts";

async function exported(
  dir: string,
  options: ExportOptions,
): Promise<{ text: string; records: number; chunks: number }> {
  let text = "";
  let records = 0;
  let chunks = 0;
  for await (const chunk of exportRecords(dir, options)) {
    text += chunk.text;
    records += chunk.records;
    chunks++;
  }
  return { text, records, chunks };
}

test("JSONL is the lines as they are, and verifies as a log", async () => {
  const dir = temporaryFolder();
  const lines = await logOf(dir, allEvents);
  inSegments(dir, lines, [0, 5, 20]);
  const { text, records } = await exported(dir, { format: "jsonl" });
  expect(text).toBe(`${lines.join("\n")}\n`);
  expect(records).toBe(lines.length);
  const copy = temporaryFolder();
  writeFileSync(join(copy, FIRST), text);
  expect(await verifyAuditLog(copy)).toMatchObject({ status: "intact", records: lines.length });
});

test("CSV has a head and a row a record; OCSF an event a record", async () => {
  const dir = temporaryFolder();
  const lines = await logOf(dir, allEvents);
  const seqs = lines.map((_, i) => i);
  const rows = parse((await exported(dir, { format: "csv" })).text, { columns: true }) as { seq: string }[];
  expect(rows.map(({ seq }) => Number(seq))).toEqual(seqs);
  const { text } = await exported(dir, { format: "ocsf" });
  const events = text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(events.map(({ metadata }) => metadata.sequence)).toEqual(seqs);
});

test.each(exportFormats)("%s: filters count, and nothing is lost between two chunks", async (format) => {
  const dir = temporaryFolder();
  await logOf(
    dir,
    Array.from({ length: 400 }, (_, i) => intent(`r${i}`)),
  );
  const { text, records, chunks } = await exported(dir, { format, types: ["call.intent"], fromSeq: 101 });
  expect(records).toBe(300);
  expect(chunks).toBeGreaterThan(1);
  expect(text.match(/\br\d+\b/g)?.length).toBeGreaterThanOrEqual(300);
  for (const ref of ["r100", "r250", "r399"]) expect(text).toContain(ref);
  expect(text).not.toContain("r99,");
});

test.each(exportFormats)("%s: damage ends it", async (format) => {
  const dir = temporaryFolder();
  await logOf(dir, [intent("r1")]);
  const path = join(dir, FIRST);
  writeFileSync(path, readFileSync(path, "latin1").replace("u-1", "u-2"));
  await expect(exported(dir, { format })).rejects.toMatchObject({ code: "damaged" });
});
