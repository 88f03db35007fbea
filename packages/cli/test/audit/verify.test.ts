import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildLog, checkpointFile, linesOf, notesOf, segmentFile } from "../../../audit/test/support/build-log.ts";
import { HARMLESS } from "../support/cli.ts";
import { fileOf, folder, OWNER_KEY, signedLog, THIEF_KEY } from "../support/logs.ts";
import { run } from "../support/run.ts";

const headOf = (dir: string) => {
  const { seq, hash } = JSON.parse(linesOf(dir, 34).at(-1)!);
  return `${seq}:${hash}`;
};

test("intact: exit 0, says by which key, and prints the head to keep", async () => {
  const dir = signedLog();
  const head = headOf(dir);
  const { code, out } = await run("audit", "verify", dir, "--pub", OWNER_KEY);
  expect(out).toContain("intact: 42 good records");
  expect(out).toContain("6 checkpoint(s), the last of 42 records; 0 after it not signed");
  expect(out).toMatch(/signed by key-1 [0-9a-f]{8} \(given\), sizes 1 to 42/);
  expect(out).toContain(`head ${head}`);
  expect(code).toBe(0);
  expect((await run("audit", "verify", dir, "--anchor", head)).code).toBe(0);
});

test("without a key it says that the folder's own proves little", async () => {
  expect((await run("audit", "verify", signedLog())).out).toContain("the public key was taken from the folder itself");
});

test("keys may stand in a file", async () => {
  const dir = signedLog();
  expect((await run("audit", "verify", dir, "--pub", fileOf(`${OWNER_KEY}\n`))).code).toBe(0);
  expect((await run("audit", "verify", dir, "--pub", fileOf(`${THIEF_KEY}\n`))).code).toBe(1);
  const both = await run("audit", "verify", dir, "--pub", OWNER_KEY, "--pub", THIEF_KEY);
  expect(both.code).toBe(1);
  expect(both.out).toContain("that was given has signed nothing here");
});

test("tampered: exit 1, and names record, file, line and reason", async () => {
  const dir = signedLog();
  const file = join(dir, segmentFile(0));
  writeFileSync(file, readFileSync(file, "latin1").replace('"u-1"', '"u-2"'));
  const { code, out } = await run("audit", "verify", dir);
  expect(code).toBe(1);
  expect(out).toContain("first bad record: 1");
  expect(out).toContain(`in ${segmentFile(0)}, line 2: the content does not match its hash`);
});

test("shorter than its own checkpoints, or than an anchor: exit 2", async () => {
  const dir = signedLog();
  const head = headOf(dir);
  const kept = fileOf(notesOf(dir, checkpointFile(34)).join("\n"));
  rmSync(join(dir, segmentFile(34)));
  const cut = await run("audit", "verify", dir);
  expect(cut).toMatchObject({ code: 2, out: expect.stringContaining("the log once had 42 records") });
  rmSync(join(dir, checkpointFile(34)));
  expect((await run("audit", "verify", dir)).code).toBe(0);
  expect((await run("audit", "verify", dir, `--anchor=${head}`)).code).toBe(2);
  expect((await run("audit", "verify", dir, "--anchor", kept)).code).toBe(2);
});

test("a sub-log that an anchor speaks of is gone: exit 2, and says which", async () => {
  const dir = folder();
  const logs = ["0", "1"].map((slot) => buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot}` }));
  for (const log of logs) log.calls(1);
  const kept = fileOf(logs.map((log) => `${log.checkpoint()}\n`).join(""));
  expect((await run("audit", "verify", dir, "--anchor", kept)).code).toBe(0);
  rmSync(join(dir, "1"), { recursive: true });
  const { code, out } = await run("audit", "verify", dir, "--anchor", kept);
  expect(out).toContain("an anchor speaks of log test/1, signed by a key of this folder, and the log is not there");
  expect(code).toBe(2);
});

test("differs from an anchor: exit 1", async () => {
  expect((await run("audit", "verify", signedLog(), "--anchor", `1:${"x".repeat(43)}`)).code).toBe(1);
});

test("agrees with a file of checkpoints kept elsewhere", async () => {
  const dir = signedLog();
  const kept = fileOf(`${notesOf(dir, checkpointFile(0)).join("\n")}\n`);
  const { code, out } = await run("audit", "verify", dir, "--anchor", kept);
  expect(out).toContain("agrees with 3 anchor(s)");
  expect(code).toBe(0);
});

test("--max-unsigned bounds what may follow the last checkpoint", async () => {
  const dir = signedLog();
  rmSync(join(dir, checkpointFile(34)));
  expect((await run("audit", "verify", dir)).code).toBe(0);
  expect((await run("audit", "verify", dir, "--max-unsigned", "7")).code).toBe(1);
  expect((await run("audit", "verify", dir, "--max-unsigned-for", "0s")).out).toContain("where a log signs within 0");
});

test("unreadable: exit 3", async () => {
  expect((await run("audit", "verify", "/nowhere/at/all")).code).toBe(3);
});

test("--json prints the report", async () => {
  const dir = signedLog();
  const { out } = await run("audit", "verify", "--json", dir);
  expect(JSON.parse(out)).toMatchObject({ status: "intact", records: 42, logs: [{ dir, signed: 42, unfinished: 0 }] });
});

test("neither a folder's name nor an anchor's log can write to the terminal", async () => {
  expect((await run("audit", "verify", "/tmp/\u001b[2J\u202e")).out).toMatch(HARMLESS);
  const [note = ""] = notesOf(signedLog(), checkpointFile(34));
  const { code, out } = await run(
    "audit",
    "verify",
    signedLog(),
    "--anchor",
    fileOf(note.replace(/^[^\n]*/, "\u001b[2J\u202e")),
  );
  expect(code).toBe(1);
  expect(out).toMatch(HARMLESS);
});

test.each([
  [["--pub", "/nowhere/at/all"], "--pub: /nowhere/at/all cannot be read"],
  [["--pub", "key+00000000+x"], "a public key is one line"],
  [["--anchor", "/nowhere/at/all"], "does not exist"],
])("%j is not passed over: exit 78", async (flags, message) => {
  const { code, err, out } = await run("audit", "verify", signedLog(), ...flags);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 78, out: "" });
});

test.each([
  [["--max-unsigned", "many"], "--max-unsigned is a whole number"],
  [["--max-unsigned-for", "7"], "--max-unsigned-for is a time"],
  [["--pub"], "--pub needs a value"],
  [["--pubb", "x"], "did you mean --pub?"],
])("%j is a usage error", async (flags, message) => {
  const { code, err } = await run("audit", "verify", signedLog(), ...flags);
  expect(err).toContain(message);
  expect(code).toBe(64);
});
