import { readdirSync, readFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { ANYONE, ask, open, refusal, rows } from "./support.ts";

const ENDLESS = "with recursive n(i) as (values (1) union all select i + 1 from n) select count(*) from n";

/** The process that `begin` starts, stopped before it runs. */
async function stopped<Result>(begin: () => Promise<Result>): Promise<{ result: Promise<Result>; go(): unknown }> {
  const before = new Set(children());
  const result = begin();
  const started = children().filter((pid) => !before.has(pid));
  expect(started).toHaveLength(1);
  process.kill(started[0] as number, "SIGSTOP");
  return { result, go: () => process.kill(started[0] as number, "SIGCONT") };
}

function children(): number[] {
  const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid));
  return pids.filter((pid) => parentOf(pid) === String(process.pid)).map(Number);
}

function parentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ")[1];
  } catch {
    return undefined;
  }
}

/** Its only process has been killed in the middle of a statement: the next caller needs a new one. */
async function withoutProcess() {
  const source = await open({ processes: 1 });
  const leaving = new AbortController();
  const running = refusal(source.query({ sql: ENDLESS, caller: ANYONE, signal: leaving.signal }));
  await new Promise(setImmediate);
  leaving.abort();
  expect((await running).code).toBe("cancelled");
  await expect.poll(() => children().length).toBe(0);
  return source;
}

it("a process that starts slowly takes no time from its first statement", async () => {
  const source = await withoutProcess();
  const clock = await open({ processes: 1 });
  const { result, go } = await stopped(() => source.query({ sql: "select 1", caller: ANYONE, timeoutMs: 1000 }));
  expect((await refusal(clock.query({ sql: ENDLESS, caller: ANYONE, timeoutMs: 1500 }))).code).toBe("timeout");
  go();
  expect((await result).rows).toEqual([[1]]);
});

it("a caller who leaves while a process starts is let go, and the process serves the next", async () => {
  const source = await withoutProcess();
  const leaving = new AbortController();
  const { result, go } = await stopped(() =>
    refusal(source.query({ sql: "select 1", caller: ANYONE, signal: leaving.signal })),
  );
  leaving.abort();
  expect(await result).toMatchObject({ code: "cancelled" });
  const [process] = children();
  const next = ask(source, "select 2");
  go();
  expect((await next).rows).toEqual([[2]]);
  expect(children()).toContain(process);
});

it("a process that does not start is given up: unavailable, and the next one serves", async () => {
  const source = await withoutProcess();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { result } = await stopped(() => refusal(ask(source, "select 1")));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await result).toMatchObject({ code: "unavailable" });
  vi.useRealTimers();
  expect(await rows(source, "select 1")).toEqual([[1]]);
});
