import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { expectProvable } from "../folder-check.ts";
import { open, records, temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/sabotage.ts");

interface Told {
  readonly acknowledged: number;
  readonly first: { readonly code: string; readonly message: string };
  readonly second: { readonly code: string; readonly message: string };
}

function parse(output: string): Told {
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

/** Nothing that was acknowledged is missing, and the log goes on where it has what it needs again. */
async function expectRecovery(dir: string, { acknowledged }: Told): Promise<void> {
  await (await open(dir)).close();
  const refs = new Set(records(dir).map(({ ref }) => ref));
  for (let i = 0; i < acknowledged; i++) expect(refs).toContain(`r${i}`);
  expectProvable(dir);
  expect((await verifyAuditLog(dir)).status).toBe("intact");
}

const REFUSED = { code: "unavailable", message: expect.stringMatching(/could not be (written|synced)|unavailable/) };

test("a limit on file sizes: refuses, for good, and recovers without it", async () => {
  const dir = join(temporaryFolder(), "log");
  // 40 blocks of 512 bytes (dash) or 1024 (bash): the write that crosses the limit comes out short, then EFBIG.
  const shell = 'ulimit -f 40 && exec "$0" "$@"';
  const { stdout } = spawnSync("sh", ["-c", shell, process.execPath, CHILD, dir, "none"], { encoding: "utf8" });
  const told = parse(stdout);
  expect(told).toMatchObject({ first: REFUSED, second: REFUSED });
  expect(told.acknowledged).toBeGreaterThan(10);
  await expectRecovery(dir, told);
});

test.each(["closed", "replaced", "full"])(
  "a descriptor that was %s: refuses, for good, and recovers after a restart",
  async (how) => {
    const dir = join(temporaryFolder(), "log");
    const { stdout } = spawnSync(process.execPath, [CHILD, dir, how], { encoding: "utf8" });
    const told = parse(stdout);
    expect(told).toMatchObject({ acknowledged: 20, first: REFUSED, second: REFUSED });
    await expectRecovery(dir, told);
  },
);

test("rights that were taken away: refuses at the next file that cannot be made, and recovers with them", async () => {
  const parent = temporaryFolder();
  const dir = join(parent, "log");
  const { stdout, stderr } = spawnSync(process.execPath, [CHILD, dir, "revoked"], { encoding: "utf8" });
  expect(stderr).toBe("");
  const told = parse(stdout);
  expect(told).toMatchObject({ first: REFUSED, second: REFUSED });
  expect(told.acknowledged).toBeGreaterThanOrEqual(20);
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", "0:0", parent]);
  await expectRecovery(dir, told);
});

/** Runs a script in a mount namespace of its own, where a small file system can be had; what is mounted goes with it. */
function inOwnMounts(
  script: string,
  args: readonly string[],
): { stdout: string; status: number | null; stderr: string } {
  const flags = process.getuid?.() === 0 ? ["-m"] : ["-Urm"];
  return spawnSync("unshare", [...flags, "sh", "-euc", script, "sh", ...args], { encoding: "utf8" });
}

test("a full disk: refuses, for good, and recovers when there is room", async () => {
  const [mount, copy] = [temporaryFolder(), join(temporaryFolder(), "copy")];
  const script = `
    mount -t tmpfs -o size=200k tmpfs "$1"
    "$2" "$3" "$1/log" none
    mount -o remount,size=64m "$1"
    cp -a "$1/log" "$4"`;
  const { stdout, stderr, status } = inOwnMounts(script, [mount, process.execPath, CHILD, copy]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const told = parse(stdout);
  expect(told).toMatchObject({ first: REFUSED, second: REFUSED });
  expect(told.acknowledged).toBeGreaterThan(50);
  await expectRecovery(copy, told);
});

test("a read-only disk: does not start, and says which file it could not write", () => {
  const mount = temporaryFolder();
  mkdirSync(join(mount, "log"), { mode: 0o700 });
  const script = `
    mount -t tmpfs -o mode=0700 tmpfs "$1"
    mkdir -m 700 "$1/log"
    mount -o remount,ro "$1"
    "$2" "$3" "$1/log" none`;
  const { stderr, status } = inOwnMounts(script, [mount, process.execPath, CHILD]);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/AuditError.*cannot write|AuditError.*cannot make|EROFS/s);
});

test("wall time set back and forth: numbers and monotonic time keep the order, and the steps are on record", async () => {
  const dir = temporaryFolder();
  const shift = join(import.meta.dirname, "../children/clock-steps.mjs");
  const child = join(import.meta.dirname, "../children/sabotage.ts");
  spawnSync(process.execPath, ["--import", shift, child, join(dir, "log"), "full"], { encoding: "utf8" });
  await (await open(join(dir, "log"))).close();
  const all = records(join(dir, "log")) as unknown as {
    seq: number;
    ts: string;
    mono: number;
    type: string;
    detail: { step_ms: number };
  }[];
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i));
  const first = all.filter(({ type }) => type === "call.intent");
  for (const [i, record] of first.slice(1).entries()) expect(record.mono).toBeGreaterThanOrEqual(first[i]!.mono);
  expect(first.some((record, i) => i > 0 && record.ts < first[i - 1]!.ts)).toBe(true);
  const steps = all.filter(({ type }) => type === "log.clock_stepped").map(({ detail }) => Math.sign(detail.step_ms));
  expect(steps).toContain(-1);
  expect(steps).toContain(1);
  expectProvable(join(dir, "log"));
});
