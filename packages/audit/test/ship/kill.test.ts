import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support.ts";
import { type OtlpReceiver, otlpReceiver } from "./support/otlp-receiver.ts";
import { lines, ship, until } from "./support/shipping.ts";

const CHILD = join(import.meta.dirname, "children/ship-and-write.ts");
const ROUNDS = Number(process.env["HARDENED_MCP_AUDIT_KILLS"] ?? 6);
const BATCH = 100;

function start(dir: string, url: string): ChildProcess {
  const child = spawn(process.execPath, [CHILD, dir, url], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Numbers as they arrived: each is the next one, or goes back by no more than the batch that was under way. */
function expectOrder(seqs: readonly number[]): void {
  let most = -1;
  for (const seq of seqs) {
    expect(seq).toBeLessThanOrEqual(most + 1);
    expect(seq).toBeGreaterThan(most - BATCH);
    most = Math.max(most, seq);
  }
}

const bodiesOf = (receiver: OtlpReceiver, log: string): string[] =>
  receiver.records.filter(({ attributes }) => attributes["hardened_mcp.audit.log"] === log).map(({ body }) => body);

it(`loses nothing in ${ROUNDS} SIGKILLs, and repeats no more than the batch under way`, {
  timeout: 20_000 + ROUNDS * 5000,
}, async () => {
  const dir = temporaryFolder();
  const receiver = await otlpReceiver();
  receiver.delayMs = 10;
  for (let round = 0; round < ROUNDS; round++) {
    // One kind of collector has the batch that was under way, the other has not.
    receiver.forgets = round % 2 === 0;
    const before = receiver.records.length;
    const child = start(dir, receiver.url);
    const enough = before + 1 + Math.floor(Math.random() * 800);
    await until(() => expect(receiver.records.length).toBeGreaterThan(enough));
    await kill(child);
  }
  await ship({ dir, exports: [{ otlp: { url: receiver.url, batchRecords: BATCH } }] });
  const log = join(dir, "0");
  const all = lines(log).filter((line) => line.endsWith("}"));
  await until(() => expect(receiver.records.at(-1)?.body).toBe(all.at(-1)));
  expect([...new Set(receiver.records.map(({ body }) => body))]).toEqual(all);
  expectOrder(receiver.records.map(({ attributes }) => Number(attributes["hardened_mcp.audit.seq"])));
  // Each kill repeats one batch at the most.
  expect(receiver.records.length - all.length).toBeLessThanOrEqual(ROUNDS * BATCH);
});

it("two processes share a folder: each log is shipped once, and the survivor takes over from the dead", async () => {
  const dir = temporaryFolder();
  const receiver = await otlpReceiver();
  const [first, second] = [start(dir, receiver.url), start(dir, receiver.url)];
  const logs = (): Set<unknown> =>
    new Set(receiver.records.map(({ attributes }) => attributes["hardened_mcp.audit.log"]));
  await until(() => expect(logs().size).toBe(2));
  const seen = receiver.records.length;
  await until(() => expect(receiver.records.length).toBeGreaterThan(seen + 2000));
  // Whoever shipped twice would have sent everything twice.
  expect(new Set(receiver.records.map(({ body }) => body)).size).toBe(receiver.records.length);
  await kill(first);
  await until(() => {
    for (const slot of ["0", "1"]) {
      const all = lines(join(dir, slot)).filter((line) => line.endsWith("}"));
      const log = JSON.parse(all[0] ?? "{}").log;
      const writes = second.exitCode === null && all.some((line) => line.includes(`"ref":"${second.pid}.`));
      const has = new Set(bodiesOf(receiver, log));
      // The log of the dead is complete; that of the living is followed.
      expect(writes ? has.size > 100 : all.every((line) => has.has(line))).toBe(true);
    }
  });
  await kill(second);
});
