import { afterEach, expect, test, vi } from "vitest";
import { groupCommit, type Sink } from "../../src/log/commit.ts";

afterEach(() => vi.useRealTimers());

interface FakeDisk extends Sink {
  readonly batches: string[];
  /** Finishes the sync under way. */
  finish(error?: Error): void;
}

function fakeDisk(): FakeDisk {
  let pending: ((error: Error | null) => void) | undefined;
  const batches: string[] = [];
  return {
    batches,
    append: (batch) => void batches.push(batch.toString()),
    roll: (firstSeq) => void batches.push(`-- ${firstSeq} --`),
    sync(done) {
      if (pending) throw new Error("two syncs in flight");
      pending = done;
    },
    finish(error) {
      const done = pending;
      pending = undefined;
      done?.(error ?? null);
    },
  };
}

const LIMITS = { maxDelayMs: 100, maxQueuedBytes: 100 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("callers of one turn share one sync, and nobody is answered before it", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  const answered: number[] = [];
  for (let i = 0; i < 5; i++) {
    commit.add(`${i}\n`);
    void commit.durable().then(() => answered.push(i));
  }
  await turn();
  expect(disk.batches).toEqual(["0\n1\n2\n3\n4\n"]);
  expect(answered).toEqual([]);
  disk.finish();
  await turn();
  expect(answered).toEqual([0, 1, 2, 3, 4]);
});

test("what is written during a sync waits for the next one", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  const answered: string[] = [];
  commit.add("a\n");
  void commit.durable().then(() => answered.push("a"));
  await turn();
  commit.add("b\n");
  void commit.durable().then(() => answered.push("b"));
  disk.finish();
  await turn();
  expect(answered).toEqual(["a"]);
  await turn();
  disk.finish();
  await turn();
  expect(answered).toEqual(["a", "b"]);
  expect(disk.batches).toEqual(["a\n", "b\n"]);
});

test("durable without anything new waits for the sync under way, then for nothing", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  void commit.durable();
  await turn();
  let answered = false;
  const second = commit.durable().then(() => {
    answered = true;
  });
  await turn();
  expect(answered).toBe(false);
  disk.finish();
  await second;
  await commit.durable();
});

test("a record nobody waits for reaches the disk within the delay", () => {
  vi.useFakeTimers();
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  vi.advanceTimersByTime(99);
  expect(disk.batches).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(disk.batches).toEqual(["a\n"]);
});

test("a record nobody waits for, written during a sync, reaches the disk too", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  void commit.durable();
  await turn();
  commit.add("b\n");
  disk.finish();
  await turn();
  expect(disk.batches).toEqual(["a\n", "b\n"]);
});

test("a failed sync is final: every waiter is refused and the disk is never asked again", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  const first = commit.durable();
  await turn();
  commit.add("b\n");
  const second = commit.durable();
  disk.finish(new Error("EIO"));
  await expect(first).rejects.toMatchObject({ code: "unavailable" });
  await expect(second).rejects.toMatchObject({ code: "unavailable" });
  await expect(commit.durable()).rejects.toMatchObject({ code: "unavailable" });
  expect(() => commit.ensureRoom()).toThrow(expect.objectContaining({ code: "unavailable" }));
  await turn();
  expect(disk.batches).toEqual(["a\n"]);
});

test("a failed write is final, even when nobody waited", async () => {
  vi.useFakeTimers();
  const commit = groupCommit(
    {
      append: () => {
        throw new Error("ENOSPC");
      },
      sync: () => undefined,
      roll: () => undefined,
    },
    LIMITS,
  );
  commit.add("a\n");
  vi.advanceTimersByTime(100);
  expect(commit.failed).toMatchObject({ code: "unavailable" });
});

test("refuses more than fits in memory while the disk hangs, and goes on when it is back", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a".repeat(60));
  void commit.durable();
  await turn();
  commit.add("b".repeat(40));
  expect(() => commit.ensureRoom()).toThrow(expect.objectContaining({ code: "unavailable" }));
  disk.finish();
  await turn();
  expect(() => commit.ensureRoom()).not.toThrow();
  expect(commit.failed).toBeUndefined();
});

test("what is cut off goes to a new segment, once everything before is on disk", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  void commit.durable();
  await turn();
  commit.add("b\n");
  commit.cut(2);
  commit.add("c\n");
  let answered = false;
  void commit.durable().then(() => {
    answered = true;
  });
  await turn();
  expect(disk.batches).toEqual(["a\n"]);
  disk.finish();
  await turn();
  expect(disk.batches).toEqual(["a\n", "b\n"]);
  disk.finish();
  await turn();
  expect(disk.batches).toEqual(["a\n", "b\n", "-- 2 --", "c\n"]);
  expect(answered).toBe(false);
  disk.finish();
  await turn();
  expect(answered).toBe(true);
  expect(commit.idle).toBe(true);
});

test("a segment that ends with nothing new to write is told of, without a sync for nothing", async () => {
  const disk = fakeDisk();
  const sealed: string[] = [];
  let batch = 0;
  const commit = groupCommit(disk, {
    ...LIMITS,
    onSeal: () => {
      const number = batch++;
      return () => void sealed.push(`${number} after ${disk.batches.length}`);
    },
  });
  commit.add("a\n");
  void commit.durable();
  await turn();
  commit.cut(1);
  commit.add("b\n");
  void commit.durable();
  disk.finish();
  await turn();
  await turn();
  // The end of the segment landed behind its last record, and before the new segment was made.
  expect(sealed).toEqual(["0 after 1", "1 after 1"]);
  expect(disk.batches).toEqual(["a\n", "-- 1 --", "b\n"]);
});

test("a segment that cannot be made is final for everybody who waits", async () => {
  const disk = {
    ...fakeDisk(),
    roll: () => {
      throw new Error("EACCES");
    },
  };
  const commit = groupCommit(disk, LIMITS);
  commit.cut(0);
  commit.add("a\n");
  await expect(commit.durable()).rejects.toMatchObject({ code: "unavailable" });
  expect(commit.failed).toMatchObject({ code: "unavailable" });
});

test("a failure from outside ends the log for those who wait and those who come", async () => {
  const disk = fakeDisk();
  const commit = groupCommit(disk, LIMITS);
  commit.add("a\n");
  const first = commit.durable();
  await turn();
  commit.fail("a checkpoint could not be written", new Error("ENOSPC"));
  await expect(first).rejects.toMatchObject({ code: "unavailable", message: "a checkpoint could not be written" });
  disk.finish();
  expect(() => commit.ensureRoom()).toThrow(expect.objectContaining({ code: "unavailable" }));
});
