import { join } from "node:path";
import { expect, test } from "vitest";
import { buildLog } from "../../../audit/test/support/build-log.ts";
import { HARMLESS, HOSTILE } from "../support/cli.ts";
import { folder, signedLog } from "../support/logs.ts";
import { run } from "../support/run.ts";

test("counts a log for people and for scripts", async () => {
  const dir = signedLog();
  const { code, out } = await run("audit", "stats", dir);
  expect(code).toBe(0);
  expect(out).toContain("  42 records, ");
  expect(out).toContain("  tools called\n    19 write_file\n");
  expect(out).toMatch(/19 calls took, in ms: p50 1\.50/);
  const { logs } = JSON.parse((await run("audit", "stats", dir, "--json")).out);
  expect(logs).toMatchObject([{ dir, records: 42, segments: 3, unfinished: 0 }]);
});

test("counts the sub-logs of a shared folder one by one, and only the time asked for", async () => {
  const dir = folder();
  for (const slot of ["0", "1"]) buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot}` }).stop();
  const { logs } = JSON.parse((await run("audit", "stats", dir, "--json", "--since", "2027-01-15T08:00:00.010Z")).out);
  expect(logs).toMatchObject([{ records: 1 }, { records: 1 }]);
  const none = await run("audit", "stats", dir, "--json", "--until", "2020-01-01T00:00:00Z");
  expect(JSON.parse(none.out).logs).toMatchObject([{ records: 0 }, { records: 0 }]);
});

test("a caller's name cannot write to the terminal", async () => {
  const dir = folder();
  const log = buildLog(dir);
  const decision = { effect: "deny", step: "authorize", code: "denied" } as const;
  log.add({ type: "call.refused", ref: "x", actor: { subject: HOSTILE }, tool: { name: HOSTILE }, decision });
  log.stop();
  const { out } = await run("audit", "stats", dir);
  expect(out).toMatch(HARMLESS);
  expect(out).toContain("owned");
  expect((await run("audit", "stats", dir, "--json")).out).toMatch(HARMLESS);
});

test.each([
  [["/nowhere/at/all"], 1, "cannot be read (ENOENT)"],
  [[], 64, "name one folder"],
  [["x", "--since", "yesterday"], 64, "--since is a date and time"],
])("%j: exit %i", async (argv, code, message) => {
  expect(await run("audit", "stats", ...argv)).toMatchObject({ code, err: expect.stringContaining(message), out: "" });
});

test("a folder without a log is said to be one", async () => {
  expect(await run("audit", "stats", folder())).toMatchObject({
    code: 1,
    err: expect.stringContaining("holds no log"),
  });
});
