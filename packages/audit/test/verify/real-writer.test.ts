import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { checkProof, openAuditLog, parseVerifierKey, proveRecord, verifyAuditLog } from "../../src/index.ts";
import { testSigner } from "../support/keys.ts";
import { intent, outcome, records, temporaryFolder } from "../support.ts";

const [FIRST_KEY, SECOND_KEY] = [testSigner("key-1"), testSigner("key-2")];

test("what the log writes, through starts, segments, a change of key and deleting, is what the verifier reads", async () => {
  const dir = temporaryFolder();
  const options = { dir, server: "test", maxSegmentBytes: 64 * 1024, keepSegments: 3, checkpointRecords: 50 };
  const write = async (signer: typeof FIRST_KEY, next?: typeof SECOND_KEY) => {
    const log = await openAuditLog({ ...options, signer });
    for (let i = 0; i < 400; i++) {
      log.write(intent(`r${i}`));
      log.write(outcome(`r${i}`));
      if (i % 7 === 0) await log.durable();
      if (i === 200 && next) await log.rotateKey(next);
    }
    await log.checkpoint();
    await log.close();
  };
  await write(FIRST_KEY, SECOND_KEY);
  const midway = await verifyAuditLog(dir, { keys: [SECOND_KEY.key] });
  expect(midway.logs[0]?.firstBad).toBeUndefined();
  await write(SECOND_KEY);
  await write(SECOND_KEY);
  expect(readdirSync(dir)).toContain("pruned.txt");
  const { status, logs } = await verifyAuditLog(dir, { keys: [SECOND_KEY.key] });
  expect(logs[0]?.firstBad).toBeUndefined();
  expect(status).toBe("intact");
  expect(logs[0]).toMatchObject({
    unsigned: 0,
    keys: expect.arrayContaining([expect.objectContaining({ id: SECOND_KEY.key.id })]),
  });
  expect(logs[0]!.from).toBeGreaterThan(0);
  const all = records(dir);
  for (const { seq } of [all[0]!, all[all.length >> 1]!, all.at(-1)!]) {
    const proof = await proveRecord(dir, seq, { keys: [SECOND_KEY.key] });
    expect(checkProof(proof, [parseVerifierKey(SECOND_KEY.key.text)])).toMatchObject({ good: true, seq });
  }
});
