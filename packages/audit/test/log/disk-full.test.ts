import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { open, records, temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/until-full.ts");

test("a full disk kills the log, and nothing that was acknowledged is lost", async () => {
  const dir = temporaryFolder();
  // 64 blocks of 512 bytes (dash) or 1024 (bash): the write that crosses the limit comes out short, then EFBIG.
  const shell = 'ulimit -f 64 && exec "$0" "$@"';
  const child = spawnSync("sh", ["-c", shell, process.execPath, CHILD, dir], { encoding: "utf8" });
  const result = JSON.parse(child.stdout);
  expect(result).toMatchObject({ durable: "unavailable", again: "unavailable" });
  expect(result.acknowledged).toBeGreaterThan(20);
  await (await open(dir)).close();
  const written = records(dir).filter((record) => record.type === "call.intent");
  expect(written.length).toBeGreaterThanOrEqual(result.acknowledged);
  expect(records(dir).some((record) => record.type === "log.recovered")).toBe(true);
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});
