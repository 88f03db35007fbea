import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type ReadOptions, readRecords, type TornEnd } from "../../src/export/index.ts";
import { intent, outcome, temporaryFolder, writeLog } from "../support.ts";
import { allEvents, FIRST, inSegments, logOf, rechain, segmentName } from "./support.ts";

const READ_ALL = join(import.meta.dirname, "../children/read-all.ts");

async function read(dir: string, options?: ReadOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { line } of readRecords(dir, options)) lines.push(line);
  return lines;
}

async function seqs(dir: string, options?: ReadOptions): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { record } of readRecords(dir, options)) found.push(record.seq);
  return found;
}

/** A log of 22 records in segments that begin at 0, 8 and 15. */
async function threeSegments(): Promise<{ dir: string; lines: readonly string[] }> {
  const dir = temporaryFolder();
  const events = Array.from({ length: 10 }, (_, i) => [intent(`r${i}`), outcome(`r${i}`)]).flat();
  const lines = await logOf(dir, events);
  inSegments(dir, lines, [0, 8, 15]);
  return { dir, lines };
}

const from = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

test("gives every record of every segment in order, line and record alike", async () => {
  const dir = temporaryFolder();
  const lines = await logOf(dir, allEvents);
  inSegments(dir, lines, [0, 5, 20]);
  const got = [];
  for await (const one of readRecords(dir)) got.push(one);
  expect(got.map(({ line }) => line)).toEqual(lines);
  expect(got.map(({ record }) => record)).toEqual(lines.map((line) => JSON.parse(line)));
  expect(new Set(got.map(({ file }) => file)).size).toBe(3);
});

test("reads each sub-log, one after another", async () => {
  const dir = temporaryFolder();
  for (const slot of ["0", "1"]) await writeLog(join(dir, slot), 2);
  expect(await seqs(dir)).toEqual([...from(0, 6), ...from(0, 6)]);
});

test("begins at a number, without opening the segments before", async () => {
  const { dir } = await threeSegments();
  writeFileSync(join(dir, FIRST), "broken");
  expect(await seqs(dir, { fromSeq: 10 })).toEqual(from(10, 22));
  expect(await seqs(dir, { fromSeq: 8 })).toEqual(from(8, 22));
  expect(await seqs(dir, { fromSeq: 100 })).toEqual([]);
});

test("reads a log whose first segments were pruned", async () => {
  const { dir } = await threeSegments();
  rmSync(join(dir, FIRST));
  expect(await seqs(dir)).toEqual(from(8, 22));
});

test("takes records by type and by time, wherever they stand", async () => {
  const { dir, lines } = await threeSegments();
  expect(await seqs(dir, { types: ["log.opened", "log.stopped"] })).toEqual([0, 21]);
  const stamped = rechain(
    lines.map((line, i) => line.replace(/"ts":"[^"]*"/, `"ts":"2026-01-01T00:00:${i === 3 ? 50 : i + 10}.000Z"`)),
  );
  inSegments(dir, stamped, [0, 8, 15]);
  const at = (second: number) => Date.parse(`2026-01-01T00:00:${second}.000Z`);
  expect(await seqs(dir, { since: at(29) })).toEqual([3, 19, 20, 21]);
  expect(await seqs(dir, { until: at(12) })).toEqual([0, 1]);
  expect(await seqs(dir, { since: at(12), until: at(14) })).toEqual([2]);
});

test("leaves half a record at the end out, and tells of it", async () => {
  const { dir, lines } = await threeSegments();
  appendFileSync(join(dir, segmentName(15)), lines[3]!.slice(0, 70));
  const ends: TornEnd[] = [];
  expect(await seqs(dir, { onTornEnd: (end) => ends.push(end) })).toEqual(from(0, 22));
  expect(ends).toEqual([{ dir, file: segmentName(15), bytes: 70 }]);
});

describe("names the place of", () => {
  const forged = (field: string, value: string) => (l: readonly string[]) =>
    rechain(l.with(9, l[9]!.replace(new RegExp(`"${field}":("[^"]*"|\\d+)`), `"${field}":${value}`)));

  test.each<[string, (lines: readonly string[]) => readonly string[], string]>([
    ["a changed record", (l) => l.with(9, l[9]!.replace("u-1", "u-2")), "line 2: the content does not match its hash"],
    ["a line that is no JSON", (l) => l.with(9, "x".repeat(200)), "line 2: the line is not JSON"],
    ["an empty line", (l) => l.with(9, ""), "line 2: the line is not JSON"],
    ["a line of another kind", (l) => l.with(9, "[1]"), "line 2: the line is no record"],
    ["a control character", (l) => l.with(9, l[9]!.replace("r4", "r\u001b[2J")), "line 2: the line has bytes that"],
    ["a removed record", (l) => l.toSpliced(9, 1), "line 2: the record is number 10, after 8"],
    ["a swapped record", (l) => l.with(9, l[10]!).with(10, l[9]!), "line 2: the record is number 10, after 8"],
    ["a number of the wrong type", forged("bytes", '"12"'), "line 2: the record's args.bytes is missing or not"],
    ["text of the wrong type", forged("subject", "7"), "line 2: the record's actor.subject is missing or not"],
    ["a time that is none", forged("ts", '"2026-99-01T00:00:00.000Z"'), "line 2: the record's ts is missing or not"],
    ["another version", forged("v", "2"), "line 2: the record has an unknown version"],
    ["a record of another log", forged("log", '"test/x"'), "line 2: the record belongs to another log"],
    ["a line longer than any record", (l) => l.with(9, "x".repeat(2_000_000)), "line 2: the line is longer than any"],
  ])("%s", async (_what, attack, message) => {
    const { dir, lines } = await threeSegments();
    const changed = attack(lines);
    expect(changed).not.toEqual(lines);
    inSegments(dir, changed, [0, 8, 15]);
    await expect(read(dir)).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringContaining(`${segmentName(8)}, ${message}`),
    });
  });

  test("a record that was chained anew alone", async () => {
    const { dir, lines } = await threeSegments();
    const later = rechain(lines.with(1, lines[1]!.replace("u-1", "u-2")));
    inSegments(dir, [...later.slice(0, 9), ...lines.slice(9)], [0, 8, 15]);
    await expect(read(dir)).rejects.toThrow("line 2: the record does not follow the one before it");
  });

  test.each<[string, (dir: string, lines: readonly string[]) => void, string]>([
    ["a segment that is gone", (dir) => rmSync(join(dir, segmentName(8))), "the file starts at record 15, not 8"],
    [
      "a segment that ends within a record",
      (dir, lines) => writeFileSync(join(dir, segmentName(8)), `${lines[8]}\n${lines[9]!.slice(0, 40)}`),
      "line 2: the file ends within a record, though another file follows",
    ],
    [
      "bytes behind a whole record",
      (dir, lines) => appendFileSync(join(dir, segmentName(15)), `${lines[21]}x`),
      "line 8: bytes follow a whole record",
    ],
    [
      "a segment under another's name",
      (dir, lines) => {
        rmSync(join(dir, FIRST));
        rmSync(join(dir, segmentName(8)));
        writeFileSync(join(dir, segmentName(9)), `${lines.slice(8, 15).join("\n")}\n`);
      },
      "line 1: the record is number 8, and the file's name says 9",
    ],
  ])("%s", async (_what, attack, message) => {
    const { dir, lines } = await threeSegments();
    attack(dir, lines);
    await expect(read(dir)).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining(message) });
  });

  test("a sub-log that is gone", async () => {
    const dir = temporaryFolder();
    for (const slot of ["0", "1", "2"]) await writeLog(join(dir, slot), 1);
    rmSync(join(dir, "1"), { recursive: true });
    await expect(read(dir)).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringContaining("/1 is missing"),
    });
  });
});

test("without verification a changed record passes, and a broken line does not", async () => {
  const { dir, lines } = await threeSegments();
  inSegments(dir, lines.with(9, lines[9]!.replace("u-1", "u-2")), [0, 8, 15]);
  expect(await seqs(dir, { verify: false })).toEqual(from(0, 22));
  inSegments(dir, lines.with(9, "x"), [0, 8, 15]);
  await expect(read(dir, { verify: false })).rejects.toMatchObject({ code: "damaged" });
});

test("what was read before the damage stands, and nothing after it", async () => {
  const { dir, lines } = await threeSegments();
  inSegments(dir, lines.with(9, "x"), [0, 8, 15]);
  const got: number[] = [];
  const reading = (async () => {
    for await (const { record } of readRecords(dir)) got.push(record.seq);
  })();
  await expect(reading).rejects.toMatchObject({ code: "damaged" });
  expect(got).toEqual(from(0, 9));
});

test("a folder without a log is an error, not an empty answer", async () => {
  const dir = temporaryFolder();
  await expect(read(dir)).rejects.toMatchObject({ code: "unreadable" });
  await expect(read(join(dir, "none"))).rejects.toMatchObject({ code: "unreadable" });
  writeFileSync(join(dir, "file"), "");
  await expect(read(join(dir, "file"))).rejects.toMatchObject({ code: "unreadable" });
});

test("a link in a segment's place is not followed", async () => {
  const dir = temporaryFolder();
  await writeLog(join(dir, "real"), 1);
  mkdirSync(join(dir, "log"));
  symlinkSync(join(dir, "real", FIRST), join(dir, "log", FIRST));
  await expect(read(join(dir, "log"))).rejects.toMatchObject({ code: "unreadable" });
});

test("a log larger than the memory of the process is read to its end", async () => {
  const dir = temporaryFolder();
  const [, line = ""] = await logOf(dir, [intent("r")]);
  const many = rechain(Array.from({ length: 60_000 }, (_, i) => line.replace(/"seq":\d+/, `"seq":${i}`)));
  writeFileSync(join(dir, FIRST), `${many.join("\n")}\n`);
  expect(statSync(join(dir, FIRST)).size).toBeGreaterThan(27_000_000);
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=24", READ_ALL, dir]);
  expect(stdout).toBe("60000");
});
