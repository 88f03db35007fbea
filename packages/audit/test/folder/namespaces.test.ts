import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { type Child, inNamespace, startChild } from "../support/child.ts";
import { temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/slot-calls.ts");

function container(dir: string): Child {
  return startChild([...(inNamespace ?? []), process.execPath, CHILD, dir]);
}

async function end({ process }: Child, how: () => void): Promise<void> {
  const closed = once(process, "close");
  how();
  await closed;
}

const why = inNamespace === undefined ? " (skipped: this machine does not permit unshare)" : "";

test.skipIf(inNamespace === undefined)(`two containers that share a folder write a log each${why}`, async () => {
  const dir = temporaryFolder();
  const both = [container(dir), container(dir)];
  const dirs = await Promise.all(both.map((one) => one.line()));
  expect(dirs.sort()).toEqual([join(dir, "0"), join(dir, "1")]);
  // In turn: a lock that both believe to have is noticed at the other's first call, not at one's own.
  for (const one of [...both, ...both]) {
    one.say("call");
    expect(await one.line()).toBe("durable");
  }
  for (const one of both) await end(one, () => one.process.stdin?.end());
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact", records: 8 });
});

test.skipIf(inNamespace === undefined)(
  `a container that was killed frees its log at once, for the next process 1 too${why}`,
  async () => {
    const dir = temporaryFolder();
    const [stays, killed] = [container(dir), container(dir)];
    const [first, second] = [await stays.line(), await killed.line()];
    expect(first).not.toBe(second);
    await end(killed, () => killed.process.kill("SIGKILL"));
    const next = container(dir);
    expect(await next.line()).toBe(second);
    for (const one of [stays, next]) await end(one, () => one.process.stdin?.end());
    expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
  },
);
