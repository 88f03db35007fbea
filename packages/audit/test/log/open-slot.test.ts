import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditSlot, verifyAuditLog } from "../../src/index.ts";
import { temporaryFolder } from "../support.ts";

test("gives each process a log of its own, and a free one again", async () => {
  const dir = temporaryFolder();
  const [a, b, c] = await Promise.all([1, 2, 3].map(() => openAuditSlot({ dir, server: "test" })));
  expect([a?.dir, b?.dir, c?.dir].sort()).toEqual(["0", "1", "2"].map((slot) => join(dir, slot)));
  expect(new Set([a?.logId, b?.logId, c?.logId]).size).toBe(3);
  await b?.close();
  const again = await openAuditSlot({ dir, server: "test" });
  expect(again.dir).toBe(b?.dir);
  await Promise.all([a, c, again].map((log) => log?.close()));
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact", records: 8 });
});

test("verify notices a deleted sub-log between others, and takes anchors for one log only", async () => {
  const dir = temporaryFolder();
  const logs = await Promise.all([1, 2, 3].map(() => openAuditSlot({ dir, server: "test" })));
  await Promise.all(logs.map((log) => log.close()));
  const anchors = [{ seq: 0, hash: "x" }];
  await expect(verifyAuditLog(dir, { anchors })).rejects.toMatchObject({ code: "invalid" });
  rmSync(join(dir, "1"), { recursive: true });
  expect((await verifyAuditLog(dir)).status).toBe("tampered");
});

test("refuses the 65th process", async () => {
  const dir = temporaryFolder();
  const logs = [];
  for (let i = 0; i < 64; i++) logs.push(await openAuditSlot({ dir, server: "test" }));
  await expect(openAuditSlot({ dir, server: "test" })).rejects.toMatchObject({ code: "too_many" });
  await Promise.all(logs.map((log) => log.close()));
});

test("processes that start at once on an empty folder agree on one key", async () => {
  const dir = temporaryFolder();
  const child = join(import.meta.dirname, "../children/one-slot.ts");
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [child, dir], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const told = await Promise.all(
    children.map(
      async ({ stdout }) => JSON.parse(String((await once(stdout, "data"))[0])) as { dir: string; key: string },
    ),
  );
  for (const { stdin } of children) stdin.write("end\n");
  await Promise.all(children.map((one) => once(one, "close")));
  expect(new Set(told.map((one) => one.dir)).size).toBe(6);
  const [key] = told.map((one) => one.key);
  expect(told.every((one) => one.key === key)).toBe(true);
  expect(readFileSync(join(dir, "signing.pub"), "utf8")).toBe(`${key}\n`);
  expect(readdirSync(dir).filter((name) => name.endsWith(".new"))).toEqual([]);
});
