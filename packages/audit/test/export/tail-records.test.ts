import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AuditRecord, type Followed, judge, tailRecords } from "../../src/export/index.ts";
import { intent, outcome, temporaryFolder } from "../support.ts";
import { FIRST, inSegments, logOf, rechain, segmentName } from "./support.ts";

const from = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

/** Lines of a log of 22 records, a second apart. */
async function lines22(): Promise<readonly string[]> {
  const events = Array.from({ length: 10 }, (_, i) => [intent(`r${i}`), outcome(`r${i}`)]).flat();
  const lines = await logOf(temporaryFolder(), events);
  return rechain(
    lines.map((line, i) => line.replace(/"ts":"[^"]*"/, `"ts":"2026-01-01T00:00:${String(i + 10)}.000Z"`)),
  );
}

async function last(dir: string, count: number, wanted?: (record: AuditRecord) => boolean): Promise<readonly number[]> {
  const seqs: number[] = [];
  for await (const one of tailRecords(dir, { last: count, wanted })) if ("record" in one) seqs.push(one.record.seq);
  return seqs;
}

/** Follows `dir`; `next(n)` waits until `n` more have come. */
function following(
  dir: string,
  count = 0,
): { next(n: number): Promise<readonly (number | string)[]>; end: Promise<unknown> } {
  const controller = new AbortController();
  const items: Followed[] = [];
  let wake: () => void = () => undefined;
  const end = (async () => {
    for await (const one of tailRecords(dir, { last: count, follow: { signal: controller.signal } })) {
      items.push(one);
      wake();
    }
  })();
  end.catch(() => wake());
  onTestFinished(() => controller.abort());
  let taken = 0;
  return {
    end,
    async next(n) {
      while (items.length < taken + n) {
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), end]);
      }
      const got = items.slice(taken, taken + n);
      taken += n;
      return got.map((one) => ("notice" in one ? one.notice : one.record.seq));
    },
  };
}

const add = (dir: string, lines: readonly string[], start: number, end: number, file = FIRST) =>
  appendFileSync(
    join(dir, file),
    lines
      .slice(start, end)
      .map((line) => `${line}\n`)
      .join(""),
  );

describe("the newest records", () => {
  test.each([0, 1, 3, 8, 10, 22, 100])("%i of them, over three segments, oldest first", async (count) => {
    const dir = temporaryFolder();
    inSegments(dir, await lines22(), [0, 8, 15]);
    expect(await last(dir, count)).toEqual(from(Math.max(0, 22 - count), 22));
  });

  test("those that are wanted, however far back", async () => {
    const dir = temporaryFolder();
    inSegments(dir, await lines22(), [0, 8, 15]);
    expect(await last(dir, 2, ({ type }) => type === "call.intent")).toEqual([17, 19]);
    expect(await last(dir, 2, ({ type }) => type === "log.opened")).toEqual([0]);
    expect(await last(dir, 5, (record) => judge(record).status === "failure")).toEqual([]);
  });

  test("with half a record at the end, and an empty newest segment", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(dir, lines, [0, 8, 15]);
    appendFileSync(join(dir, segmentName(15)), lines[3]!.slice(0, 30));
    expect(await last(dir, 2)).toEqual([20, 21]);
    inSegments(dir, lines, [0, 8, 15, 22]);
    expect(await last(dir, 2)).toEqual([20, 21]);
  });

  test("of a log with lines longer than what is read at once", async () => {
    const dir = temporaryFolder();
    const detail = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, "x".repeat(250)]));
    await logOf(
      dir,
      Array.from({ length: 9 }, (_, i) => ({ ...intent(`r${i}`), detail }) as never),
    );
    expect(statSync(join(dir, FIRST)).size).toBeGreaterThan(4 * 64 * 1024 - 64 * 1024);
    expect(await last(dir, 100)).toEqual(from(0, 11));
  });

  test("of all sub-logs together, by time", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(join(dir, "0"), lines, [0]);
    const later = rechain(lines.slice(0, 3).map((line) => line.replace("00:00:1", "00:00:2")));
    inSegments(join(dir, "1"), later, [0]);
    expect(await last(dir, 14)).toEqual([10, 0, 11, 1, 12, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21].slice(1));
    const all: string[] = [];
    for await (const one of tailRecords(dir, { last: 100 })) if ("record" in one) all.push(one.record.ts);
    expect(all).toEqual(all.toSorted());
    expect(all).toHaveLength(25);
  });

  test("a clock that was set back does not change their order", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(dir, rechain(lines.with(20, lines[20]!.replace("00:00:30", "00:00:01"))), [0]);
    expect(await last(dir, 4)).toEqual([18, 19, 20, 21]);
  });

  test.each<[string, (lines: readonly string[]) => readonly string[], string]>([
    ["a removed record", (l) => l.toSpliced(19, 1), "records were removed, added or moved"],
    ["a line that is no record", (l) => l.with(19, "x"), "the line is not JSON"],
    ["a line longer than any record", (l) => l.with(19, "x".repeat(2_000_000)), "longer than any record"],
    ["a record of another log", (l) => l.with(19, l[19]!.replace("test/", "tess/")), "another log"],
  ])("name %s", async (_what, attack, message) => {
    const dir = temporaryFolder();
    inSegments(dir, attack(await lines22()), [0]);
    await expect(last(dir, 10)).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining(message) });
  });

  test("a folder without a log is an error", async () => {
    await expect(last(temporaryFolder(), 10)).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("following", () => {
  test("shows what comes, over new segments", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    add(dir, lines, 0, 5);
    const log = following(dir, 2);
    expect(await log.next(2)).toEqual([3, 4]);
    add(dir, lines, 5, 8);
    add(dir, lines, 8, 9, segmentName(8));
    add(dir, lines, 9, 11, segmentName(9));
    expect(await log.next(6)).toEqual([5, 6, 7, 8, 9, 10]);
  });

  /** Two sub-logs: what the second shows tells that the first was looked at, too. */
  async function withBeat() {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(join(dir, "0"), lines.slice(0, 3), [0]);
    inSegments(join(dir, "1"), lines.slice(0, 1), [0]);
    const log = following(dir, 0);
    let beats = 1;
    const beat = async () => {
      // Twice: the first round may have passed the first sub-log before the test wrote to it.
      for (let i = 0; i < 2; i++) {
        add(join(dir, "1"), lines, beats, beats + 1);
        expect(await log.next(1)).toEqual([beats++]);
      }
    };
    return { dir: join(dir, "0"), lines, log, beat };
  }

  test("waits for the end of half a record", async () => {
    const { dir, lines, log, beat } = await withBeat();
    appendFileSync(join(dir, FIRST), lines[3]!.slice(0, 50));
    await beat();
    appendFileSync(join(dir, FIRST), `${lines[3]!.slice(50)}\n`);
    expect(await log.next(1)).toEqual([3]);
  });

  test("half a record that a restart cuts off is no cut", async () => {
    const { dir, lines, log, beat } = await withBeat();
    const whole = statSync(join(dir, FIRST)).size;
    appendFileSync(join(dir, FIRST), lines[3]!.slice(0, 50));
    await beat();
    truncateSync(join(dir, FIRST), whole);
    await beat();
    add(dir, lines, 3, 4);
    expect(await log.next(1)).toEqual([3]);
  });

  test("waits for a log that is not there yet, and shows it from its first record", async () => {
    const dir = join(temporaryFolder(), "later");
    const log = following(dir, 5);
    const lines = await lines22();
    mkdirSync(dir);
    add(dir, lines, 0, 2);
    expect(await log.next(2)).toEqual([0, 1]);
  });

  test("takes up a sub-log that comes later", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(join(dir, "0"), lines.slice(0, 2), [0]);
    const log = following(dir, 1);
    expect(await log.next(1)).toEqual([1]);
    inSegments(join(dir, "1"), lines.slice(0, 1), [0]);
    expect(await log.next(1)).toEqual([0]);
    add(join(dir, "0"), lines, 2, 3);
    expect(await log.next(1)).toEqual([2]);
  });

  test("goes on where segments before were pruned", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(dir, lines.slice(0, 10), [0, 8]);
    const log = following(dir, 1);
    expect(await log.next(1)).toEqual([9]);
    rmSync(join(dir, FIRST));
    add(dir, lines, 10, 11, segmentName(8));
    expect(await log.next(1)).toEqual([10]);
  });

  test("says so when segments were deleted that it had not shown", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    inSegments(dir, lines.slice(0, 8), [0]);
    const log = following(dir, 1);
    expect(await log.next(1)).toEqual([7]);
    rmSync(join(dir, FIRST));
    writeFileSync(join(dir, segmentName(10)), `${lines.slice(10).join("\n")}\n`);
    expect(await log.next(3)).toEqual(["the log goes on at record 10, not 8: segments were deleted", 10, 11]);
  });

  test("survives a cut, says what is gone, and goes on", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    add(dir, lines, 0, 10);
    const log = following(dir, 1);
    expect(await log.next(1)).toEqual([9]);
    truncateSync(join(dir, FIRST), lines.slice(0, 6).join("\n").length + 1);
    expect(await log.next(1)).toEqual([`${FIRST} was cut: records 6 to 9 were on disk and are gone`]);
    add(dir, lines, 6, 7);
    expect(await log.next(1)).toEqual([6]);
  });

  test("a log that is deleted and made anew is shown from its start", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    add(dir, lines, 0, 10);
    const log = following(dir, 1);
    expect(await log.next(1)).toEqual([9]);
    rmSync(join(dir, FIRST));
    const other = await logOf(temporaryFolder(), [intent("n1")]);
    writeFileSync(join(dir, FIRST), other.map((line) => `${line}\n`).join(""));
    expect(await log.next(4)).toEqual([expect.stringContaining("was cut or replaced"), 0, 1, 2]);
  });

  test("ends at a damaged line, and names it", async () => {
    const dir = temporaryFolder();
    const lines = await lines22();
    add(dir, lines, 0, 3);
    const log = following(dir, 1);
    await log.next(1);
    add(dir, lines, 5, 6);
    await expect(log.end).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringContaining(`${FIRST}, byte `),
    });
  });
});
