import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { FIRST, open, records, temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/many-writers.ts");
const ROUNDS = Number(process.env["HARDENED_MCP_AUDIT_KILLS"] ?? 10);

/** Lets 32 callers write, kills the process after about `acks` acknowledgements, returns all that it gave. */
async function writeUntilKilled(dir: string, acks: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dir], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (chunk: string) => {
    text += chunk;
    if (text.split("\n").length > acks) child.kill("SIGKILL");
  });
  await once(child, "close");
  return text.split("\n").slice(0, -1);
}

test(`no acknowledged record is lost in ${ROUNDS} SIGKILLs of 32 concurrent writers`, {
  timeout: 10_000 + ROUNDS * 3000,
}, async () => {
  const dir = temporaryFolder();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await writeUntilKilled(dir, 1 + Math.floor(Math.random() * 1500))));
    if (round % 2 === 0) appendFileSync(join(dir, FIRST), readFileSync(join(dir, FIRST)).subarray(0, 7 + round));
    await (await open(dir)).close();
  }
  const written = new Set(records(dir).map((record) => record.ref));
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  expect(acknowledged.filter((ref) => !written.has(ref))).toEqual([]);
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});
