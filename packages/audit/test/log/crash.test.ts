import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditLog, verifyAuditLog } from "../../src/index.ts";
import { expectProvable, segmentsOf } from "../folder-check.ts";
import { records, temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/many-writers.ts");
const ROUNDS = Number(process.env["HARDENED_MCP_AUDIT_KILLS"] ?? 10);
const TIMEOUT = { timeout: 20_000 + ROUNDS * 3000 };

/** Lets 32 callers write, kills the process after about `acks` acknowledgements, returns all that it gave. */
async function writeUntilKilled(args: readonly string[], acks: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (chunk: string) => {
    text += chunk;
    if (text.split("\n").length > acks) child.kill("SIGKILL");
  });
  await once(child, "close");
  return text.split("\n").slice(0, -1);
}

/** What a power cut leaves at the end of a file: the beginning of what was being written. */
function tear(dir: string, round: number): void {
  const segment = join(dir, segmentsOf(dir).at(-1)!);
  // Never a whole record or note: that would be something added, not something torn.
  const length = 7 + (round % 90);
  appendFileSync(segment, readFileSync(segment).subarray(0, length));
  const checkpoints = readdirSync(dir)
    .filter((name) => name.startsWith("checkpoints-"))
    .sort()
    .at(-1);
  if (checkpoints === undefined || round % 4 !== 0) return;
  const path = join(dir, checkpoints);
  appendFileSync(path, readFileSync(path).subarray(0, length));
}

const random = () => 1 + Math.floor(Math.random() * 1500);

test(`no acknowledged record is lost in ${ROUNDS} SIGKILLs of 32 concurrent writers`, TIMEOUT, async () => {
  const dir = temporaryFolder();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await writeUntilKilled([dir], random())));
    if (round % 2 === 0) tear(dir, round);
    await (await openAuditLog({ dir, server: "test", maxSegmentBytes: 64 * 1024 })).close();
  }
  const written = new Set(records(dir).map((record) => record.ref));
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  expect(acknowledged.filter((ref) => !written.has(ref))).toEqual([]);
  expect(segmentsOf(dir).length).toBeGreaterThan(ROUNDS);
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});

test(`a log that deletes old segments survives ${ROUNDS} SIGKILLs, and every restart can go on`, TIMEOUT, async () => {
  const dir = temporaryFolder();
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await writeUntilKilled([dir, "3"], random());
    const log = await openAuditLog({ dir, server: "test", maxSegmentBytes: 64 * 1024 });
    const written = new Set(records(dir).map((record) => record.ref));
    expect(acknowledged.slice(-100).filter((ref) => !written.has(ref))).toEqual([]);
    await log.close();
  }
  expect(records(dir)[0]?.seq).toBeGreaterThan(0);
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});

test("what is on disk after a kill is what was signed", async () => {
  const dir = temporaryFolder();
  await writeUntilKilled([dir], 700);
  expect(expectProvable(dir).length).toBeGreaterThan(5);
  await (await openAuditLog({ dir, server: "test" })).close();
  expectProvable(dir);
});
