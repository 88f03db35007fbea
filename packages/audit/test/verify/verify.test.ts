import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openAuditLog, parseAnchor, verifyAuditLog } from "../../src/index.ts";
import { GENESIS, leafHash } from "../../src/record/leaf.ts";
import { FIRST, temporaryFolder, writeLog } from "../support.ts";

/** A log of 22 records, and its lines. */
async function logOf22(): Promise<{ dir: string; lines: string[] }> {
  const dir = temporaryFolder();
  await writeLog(dir, 10);
  return { dir, lines: readFileSync(join(dir, FIRST), "latin1").split("\n").slice(0, -1) };
}

function put(dir: string, lines: readonly string[]): void {
  writeFileSync(join(dir, FIRST), lines.map((line) => `${line}\n`).join(""), "latin1");
}

/** Chains records anew, as somebody would who may write to the folder. */
function rechain(lines: readonly string[]): string[] {
  let prev = GENESIS;
  return lines.map((line) => {
    const body = line.replace(/"prev":"[^"]*","hash":"[^"]*"}$/, `"prev":"${prev}"`);
    prev = leafHash(body);
    return `${body},"hash":"${prev}"}`;
  });
}

test("finds an untouched log intact and names its head", async () => {
  const { dir, lines } = await logOf22();
  const last = JSON.parse(lines[21]!);
  expect(await verifyAuditLog(dir)).toEqual({
    status: "intact",
    records: 22,
    logs: [
      {
        dir,
        status: "intact",
        logId: last.log,
        records: 22,
        head: { seq: 21, hash: last.hash },
        firstBad: undefined,
        unfinished: 0,
        unfinishedSeqs: [],
        warnings: [],
      },
    ],
  });
});

const swap = (l: string[], a: number, b: number) => l.with(a, l[b]!).with(b, l[a]!);
const rehash = (line: string) =>
  line.replace(/,"hash":"[^"]*"}$/, "").replace(/$/, (_m, _o, body) => `,"hash":"${leafHash(body)}"}`);

test.each<[string, (lines: string[]) => string[], number]>([
  ["a changed field", (l) => l.with(7, l[7]!.replace("u-1", "u-2")), 7],
  ["a changed field with its hash redone", (l) => l.with(7, rehash(l[7]!.replace("u-1", "u-2"))), 8],
  ["a changed first record", (l) => l.with(0, l[0]!.replace('"pid"', '"pit"')), 0],
  ["a changed last record", (l) => l.with(21, l[21]!.replace("stopped", "Stopped")), 21],
  ["a changed hash", (l) => l.with(21, l[21]!.replace(/.{5}$/, 'A"}')), 21],
  ["a removed record", (l) => l.toSpliced(7, 1), 7],
  ["a removed beginning", (l) => l.slice(1), 0],
  ["a removed beginning, chained anew", (l) => rechain(l.slice(1)), 0],
  ["an inserted record", (l) => l.toSpliced(7, 0, rehash(l[7]!.replace("r3", "r0"))), 8],
  ["a doubled record", (l) => l.toSpliced(7, 0, l[7]!), 8],
  ["a doubled last record", (l) => [...l, l[21]!], 22],
  ["two swapped records", (l) => swap(l, 7, 8), 7],
  ["an empty line", (l) => l.toSpliced(7, 0, ""), 7],
  ["white space", (l) => l.with(7, l[7]!.replace(":", ": ")), 7],
  ["a carriage return", (l) => l.with(7, `${l[7]}\r`), 7],
  ["a byte order mark", (l) => l.with(0, `\xef\xbb\xbf${l[0]}`), 0],
  ["a line longer than any record", (l) => l.with(7, "x".repeat(2_000_000)), 7],
  ["JSON of another kind", (l) => l.with(7, rehash("null")), 7],
])("finds %s", async (_name, change, seq) => {
  const { dir, lines } = await logOf22();
  const changed = change(lines);
  expect(changed).not.toEqual(lines);
  put(dir, changed);
  const { status, logs } = await verifyAuditLog(dir);
  expect(status).toBe("tampered");
  expect(logs[0]?.firstBad).toMatchObject({ file: FIRST, seq, line: seq + 1 });
});

test("finds any changed byte anywhere, also in the last line and its line feed", async () => {
  const { dir } = await logOf22();
  const bytes = readFileSync(join(dir, FIRST));
  const change = fc.record({
    at: fc.oneof(fc.nat(bytes.length - 1), fc.integer({ min: bytes.length - 60, max: bytes.length - 1 })),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, by }) => {
      const copy = Buffer.from(bytes);
      copy[at] = bytes[at]! ^ by;
      writeFileSync(join(dir, FIRST), copy);
      expect((await verifyAuditLog(dir)).status).toBe("tampered");
    }),
    { numRuns: 400, examples: [[{ at: bytes.length - 1, by: 1 }], [{ at: bytes.length - 2, by: 0x77 }]] },
  );
});

test("any cut is a shorter log, a note about a torn record, or empty: never more than was written", async () => {
  const { dir } = await logOf22();
  const bytes = readFileSync(join(dir, FIRST));
  const anchor = (await verifyAuditLog(dir)).logs[0]!.head!;
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 2), async (length) => {
      writeFileSync(join(dir, FIRST), bytes.subarray(0, length));
      expect((await verifyAuditLog(dir, { anchors: [anchor] })).status).toBe("shorter");
    }),
    { numRuns: 60 },
  );
});

test("a cut tail looks intact without an anchor: the documented limit", async () => {
  const { dir, lines } = await logOf22();
  put(dir, lines.slice(0, 15));
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});

test("a log rewritten as a whole looks intact without an anchor, and tampered with one", async () => {
  const { dir, lines } = await logOf22();
  const { hash } = JSON.parse(lines[10]!);
  put(dir, rechain(lines.with(5, lines[5]!.replace("u-1", "u-2"))));
  expect((await verifyAuditLog(dir)).status).toBe("intact");
  const { status, logs } = await verifyAuditLog(dir, { anchors: [parseAnchor(`10:${hash}`)] });
  expect(status).toBe("tampered");
  expect(logs[0]?.firstBad?.seq).toBe(10);
});

test("two anchors for one record cannot both hold", async () => {
  const { dir, lines } = await logOf22();
  const { hash } = JSON.parse(lines[10]!);
  const anchors = [
    { seq: 10, hash },
    { seq: 10, hash: "x".repeat(43) },
  ];
  expect((await verifyAuditLog(dir, { anchors })).status).toBe("tampered");
});

const SECOND = "audit-00000000000000000012.jsonl";

/** The log of 22 in two files. */
async function twoSegments(): Promise<{ dir: string; lines: string[] }> {
  const log = await logOf22();
  put(log.dir, log.lines.slice(0, 12));
  writeFileSync(join(log.dir, SECOND), `${log.lines.slice(12).join("\n")}\n`);
  return log;
}

test("reads several files in order", async () => {
  const { dir } = await twoSegments();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact", records: 22 });
});

test("a server goes on in the newest file", async () => {
  const { dir } = await twoSegments();
  await (await openAuditLog({ dir, server: "test" })).close();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact", records: 24 });
});

test.each<[string, (dir: string, lines: string[]) => void | Promise<void>, string]>([
  ["a removed first file", (dir) => rmSync(join(dir, FIRST)), SECOND],
  [
    "a renamed file",
    (dir) => renameSync(join(dir, SECOND), join(dir, SECOND.replace("12", "13"))),
    SECOND.replace("12", "13"),
  ],
  ["a first file cut at a record", (dir, lines) => put(dir, lines.slice(0, 11)), SECOND],
  [
    "a first file cut within a record",
    (dir, lines) => put(dir, [...lines.slice(0, 12)].with(11, lines[11]!.slice(0, 50))),
    FIRST,
  ],
  [
    "a first file without its last line feed",
    (dir, lines) => writeFileSync(join(dir, FIRST), lines.slice(0, 12).join("\n")),
    FIRST,
  ],
  ["a file of another log", (dir) => otherLog(dir), SECOND],
])("finds %s", async (_name, attack, file) => {
  const { dir, lines } = await twoSegments();
  await attack(dir, lines);
  const { status, logs } = await verifyAuditLog(dir);
  expect(status).toBe("tampered");
  expect(logs[0]?.firstBad?.file).toBe(file);
});

async function otherLog(dir: string): Promise<void> {
  const other = await twoSegments();
  renameSync(join(other.dir, SECOND), join(dir, SECOND));
}

test("notes a torn end and counts calls without an outcome", async () => {
  const { dir, lines } = await logOf22();
  put(dir, lines.slice(0, 4));
  writeFileSync(join(dir, FIRST), `${lines.slice(0, 4).join("\n")}\n${lines[4]!.slice(0, 100)}`);
  const { status, logs } = await verifyAuditLog(dir);
  expect(status).toBe("intact");
  expect(logs[0]).toMatchObject({ unfinished: 1, unfinishedSeqs: [3] });
  expect(logs[0]?.warnings).toEqual([expect.stringContaining("100 bytes of an unfinished record")]);
});

test("is unreadable without a folder, without records, behind a link", async () => {
  const dir = temporaryFolder();
  expect((await verifyAuditLog(join(dir, "none"))).status).toBe("unreadable");
  expect((await verifyAuditLog(dir)).status).toBe("unreadable");
  symlinkSync("/dev/zero", join(dir, FIRST));
  expect((await verifyAuditLog(dir)).status).toBe("unreadable");
  mkdirSync(join(dir, "0"));
  expect((await verifyAuditLog(join(dir, "0"))).status).toBe("unreadable");
});

test("a flood of lines without sense ends at the first", async () => {
  const { dir } = await logOf22();
  writeFileSync(join(dir, FIRST), Buffer.alloc(5_000_000, "\n"));
  expect((await verifyAuditLog(dir)).logs[0]?.firstBad).toMatchObject({ seq: 0, line: 1 });
});

test.each(["", "1", "1:x", `-1:${GENESIS}`, `1:${GENESIS}A`, `1e3:${GENESIS}`])("refuses %j as an anchor", (text) => {
  expect(() => parseAnchor(text)).toThrow(expect.objectContaining({ code: "invalid" }));
});
