import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { type AuditLog, openAuditLog, verifyAuditLog } from "../../src/index.ts";
import { checkpointsOf, expectProvable, segmentsOf } from "../folder-check.ts";
import { outcome, records, temporaryFolder } from "../support.ts";

const SMALL = { maxSegmentBytes: 64 * 1024 };
const openSmall = (dir: string): Promise<AuditLog> => openAuditLog({ dir, server: "test", ...SMALL });

async function fill(log: AuditLog, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    log.write(outcome(`r${i}`));
    if (i % 50 === 0) await log.durable();
  }
  await log.durable();
}

/** A log of several segments, closed. */
async function severalSegments(): Promise<string> {
  const dir = temporaryFolder();
  const log = await openSmall(dir);
  await fill(log, 700);
  await log.close();
  expect(segmentsOf(dir).length).toBeGreaterThan(3);
  return dir;
}

const numberOf = (file: string) => Number(/(\d{20})/.exec(file)?.[1]);

test("goes on in a new segment when one is full, without a gap", async () => {
  const dir = await severalSegments();
  expect(records(dir).map(({ seq }) => seq)).toEqual(Array.from({ length: records(dir).length }, (_, i) => i));
  for (const name of segmentsOf(dir)) {
    const lines = readFileSync(join(dir, name), "latin1").split("\n").slice(0, -1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      seq: numberOf(name),
      type: numberOf(name) === 0 ? "log.opened" : "log.segment",
    });
    expect(lines.join("\n").length).toBeLessThan(SMALL.maxSegmentBytes + 1024);
  }
});

test("signs the end of each segment, in that segment's file", async () => {
  const dir = await severalSegments();
  expectProvable(dir);
  const [, ...later] = segmentsOf(dir);
  for (const [i, next] of later.entries()) {
    const own = checkpointsOf(dir).filter(({ file }) => numberOf(file) === numberOf(segmentsOf(dir)[i]!));
    expect(own.at(-1)?.size).toBe(numberOf(next));
  }
});

test("begins each segment with the edge of the tree before it", async () => {
  const dir = await severalSegments();
  const ends = new Map(checkpointsOf(dir).map(({ size, root }) => [size, root]));
  for (const { seq, detail } of records(dir).filter(({ type }) => type === "log.segment")) {
    expect(detail).toMatchObject({ size: seq, root: ends.get(seq) });
    const nodes = Object.keys(detail ?? {}).filter((key) => key.startsWith("frontier."));
    expect(nodes.length).toBe(seq.toString(2).replaceAll("0", "").length);
  }
});

test("goes on in a new segment when one is old, and not with an empty one", async () => {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", maxSegmentAgeMs: 5000 });
  const later = Date.now() + 6000;
  vi.spyOn(Date, "now").mockReturnValue(later);
  log.write(outcome("r"));
  log.write(outcome("s"));
  vi.restoreAllMocks();
  await log.close();
  const types = records(dir).map(({ type }) => type);
  expect(types.filter((type) => type !== "log.clock_stepped")).toEqual([
    "log.opened",
    "log.segment",
    "call.outcome",
    "call.outcome",
    "log.stopped",
  ]);
  expectProvable(dir);
});

test("a restart goes on in the newest segment, whatever became of the hint", async () => {
  for (const hint of [undefined, "", "{}", "[]", '{"v":1,"size":-1}', "x".repeat(100_000)]) {
    const dir = await severalSegments();
    if (hint === undefined) rmSync(join(dir, "head.json"));
    else writeFileSync(join(dir, "head.json"), hint);
    const before = segmentsOf(dir);
    const log = await openSmall(dir);
    expect(segmentsOf(dir)).toEqual(before);
    await fill(log, 10);
    await log.close();
    expectProvable(dir);
  }
});

test("a hint that lies is not believed", async () => {
  const dir = await severalSegments();
  const honest = JSON.parse(readFileSync(join(dir, "head.json"), "utf8"));
  const lies = [
    { ...honest, size: honest.size - 1 },
    { ...honest, offset: honest.offset - 1 },
    { ...honest, offset: 0 },
    { ...honest, offset: honest.offset + 1000 },
    { ...honest, segment: 0 },
    { ...honest, nodes: honest.nodes.with(0, "A".repeat(43)) },
    { ...honest, nodes: honest.nodes.slice(1) },
    { ...honest, log: "test/other" },
    ...[null, 5, { x: 1 }].map((name) => ({ ...honest, open: [{ seq: 0, ref: "r", tool: { name } }] })),
    { ...honest, open: [{ seq: 0, ref: "r", tool: { name: "t", def: null } }] },
  ];
  for (const lie of lies) {
    writeFileSync(join(dir, "head.json"), JSON.stringify(lie));
    await (await openSmall(dir)).close();
    expectProvable(dir);
  }
});

test("signs the ends of segments that a crash left unsigned", async () => {
  const dir = await severalSegments();
  const [, second, third] = segmentsOf(dir).toReversed();
  // As after a crash right behind the change of segments, or with a signer that was away for two of them.
  for (const name of [segmentsOf(dir).at(-1)!, second!, third!]) {
    rmSync(join(dir, name.replace("audit-", "checkpoints-").replace(".jsonl", ".txt")));
  }
  await (await openSmall(dir)).close();
  expectProvable(dir);
  for (const [name, next] of [
    [third!, second!],
    [second!, segmentsOf(dir).at(-1)!],
  ] as const) {
    const own = checkpointsOf(dir).filter(({ file }) => numberOf(file) === numberOf(name));
    expect(own.map(({ size }) => size)).toContain(numberOf(next));
  }
});

test.each(["", '{"v":1,"log":"test/'])("goes on in a segment that a crash left with %j in it", async (content) => {
  const dir = await severalSegments();
  const end = records(dir).at(-1)!.seq + 1;
  const name = `audit-${String(end).padStart(20, "0")}.jsonl`;
  writeFileSync(join(dir, name), content, { mode: 0o600 });
  await (await openSmall(dir)).close();
  expect(segmentsOf(dir).at(-1)).toBe(name);
  const types = readFileSync(join(dir, name), "latin1")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).type);
  expect(types.filter((type) => type !== "log.recovered")).toEqual(["log.segment", "log.opened", "log.stopped"]);
  expectProvable(dir);
});

test("a start onto a segment that is full or old signs no size twice", async () => {
  const dir = temporaryFolder();
  const log = await openSmall(dir);
  // Until the segment is just full: the next record would begin another.
  while (readFileSync(join(dir, segmentsOf(dir)[0]!)).length < SMALL.maxSegmentBytes) {
    log.write(outcome("r"));
    await log.durable();
  }
  await log.close();
  await (await openSmall(dir)).close();
  const later = Date.now() + 2 * 86_400_000;
  vi.spyOn(Date, "now").mockReturnValue(later);
  await (await openSmall(dir)).close();
  vi.restoreAllMocks();
  expect(segmentsOf(dir).length).toBeGreaterThan(2);
  const sizes = expectProvable(dir).map(({ size }) => size);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});

test("a first record of a segment that a crash left without its line feed is written anew", async () => {
  const dir = await severalSegments();
  const newest = segmentsOf(dir).at(-1)!;
  const first = readFileSync(join(dir, newest), "latin1").split("\n")[0]!;
  for (const cut of [0, 1]) {
    writeFileSync(join(dir, newest), first.slice(0, first.length - cut), "latin1");
    rmSync(join(dir, newest.replace("audit-", "checkpoints-").replace(".jsonl", ".txt")), { force: true });
    await (await openSmall(dir)).close();
    const types = records(dir)
      .filter(({ seq }) => seq >= numberOf(newest))
      .map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["log.segment", "log.opened", "log.recovered"]);
    expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
  }
});
