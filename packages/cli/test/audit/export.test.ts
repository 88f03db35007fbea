import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { verifyAuditLog } from "@hardened-mcp/audit";
import { expect, test } from "vitest";
import { FIRST, STORY, start, temporaryFolder, writeLog } from "../support/audit-logs.ts";
import { CLI, cli, HARMLESS } from "../support/cli.ts";

test("jsonl on standard output is the log, byte for byte", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const { code, out, err } = await cli(["audit", "export", dir, "--format", "jsonl"]);
  expect(code).toBe(0);
  expect(err).toBe("");
  expect(out).toBe(readFileSync(join(dir, FIRST), "latin1"));
});

test.each(["csv", "ocsf"])("%s has a line for every record, and nothing that acts on a terminal", async (format) => {
  const dir = temporaryFolder();
  const lines = await writeLog(dir, STORY);
  const { code, out } = await cli(["audit", "export", dir, "--format", format]);
  expect(code).toBe(0);
  expect(out.trimEnd().split("\n")).toHaveLength(lines.length + (format === "csv" ? 1 : 0));
  expect(out.replaceAll("\r\n", "\n")).toMatch(HARMLESS);
  expect(out).toContain("no-destroy");
});

test("takes what was asked for: types, times, a number to begin with", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const seqs = async (...flags: string[]) => {
    const { out, code } = await cli(["audit", "export", dir, "--format", "jsonl", ...flags]);
    expect(code).toBe(0);
    return out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).seq);
  };
  expect(await seqs("--type", "call.refused", "--type", "call.intent")).toEqual([1, 3]);
  expect(await seqs("--from", "5")).toEqual([5, 6]);
  expect(await seqs("--since", "2100-01-01T00:00:00Z")).toEqual([]);
  expect(await seqs("--until", "2100-01-01T00:00:00Z")).toHaveLength(7);
});

test("--out makes a new file that only its owner can read, and a verifier takes it", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const out = join(temporaryFolder(), FIRST);
  expect(await cli(["audit", "export", dir, "--format", "jsonl", "--out", out])).toMatchObject({
    code: 0,
    out: "",
    err: `7 records in ${out}\n`,
  });
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(out, ".."))).toEqual([FIRST]);
  expect((await verifyAuditLog(join(out, ".."))).status).toBe("intact");
});

test("--out overwrites nothing, follows no link, and does not write among the segments", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const other = temporaryFolder();
  const to = (out: string) => cli(["audit", "export", dir, "--format", "jsonl", "--out", out]);
  writeFileSync(join(other, "mine"), "mine");
  expect(await to(join(other, "mine"))).toMatchObject({ code: 73, err: expect.stringContaining("exists") });
  expect(readFileSync(join(other, "mine"), "utf8")).toBe("mine");
  symlinkSync(join(other, "mine"), join(other, "b.part"));
  expect(await to(join(other, "b"))).toMatchObject({ code: 73, err: expect.stringContaining("b.part exists") });
  expect(readFileSync(join(other, "mine"), "utf8")).toBe("mine");
  expect(await to(join(other, "no", "where"))).toMatchObject({ code: 73, err: expect.stringContaining("ENOENT") });
  expect(await to(join(dir, "audit-00000000000000000009.jsonl"))).toMatchObject({ code: 64 });
  symlinkSync(dir, join(other, "in"));
  expect(await to(join(other, "in", "x"))).toMatchObject({
    code: 64,
    err: expect.stringContaining("inside the folder"),
  });
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});

test("a damaged log ends with 1, names the place, and leaves no half file", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const path = join(dir, FIRST);
  writeFileSync(path, readFileSync(path, "latin1").replace("write-scope", "read-scope"));
  const folder = temporaryFolder();
  const { code, err } = await cli(["audit", "export", dir, "--format", "csv", "--out", join(folder, "x.csv")]);
  expect(code).toBe(1);
  expect(err).toContain(`${FIRST}, line 2: the content does not match its hash`);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder without a log is an error, also with a hostile name", async () => {
  const { code, out, err } = await cli(["audit", "export", "/nowhere/\u001b[2J", "--format", "csv"]);
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(err).toContain("there is no audit log in");
  expect(err).toMatch(HARMLESS);
});

test("half a record at the end is left out, and said", async () => {
  const dir = temporaryFolder();
  const lines = await writeLog(dir, STORY);
  writeFileSync(join(dir, FIRST), `${lines.join("\n")}\n${lines[1]!.slice(0, 40)}`);
  const { code, out, err } = await cli(["audit", "export", dir, "--format", "jsonl"]);
  expect(code).toBe(0);
  expect(out).toBe(`${lines.join("\n")}\n`);
  expect(err).toContain("half a record of 40 bytes");
});

/** A log of some megabytes. */
async function largeLog(): Promise<string> {
  const dir = temporaryFolder();
  await writeLog(
    dir,
    Array.from({ length: 8_000 }, () => STORY[0]!),
  );
  return dir;
}

test("a reader that goes away ends it, with 1: what it got is not the whole", async () => {
  const { child, ended } = start(["audit", "export", await largeLog(), "--format", "ocsf"]);
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining("the reader went away") });
});

test("a slow reader gets all of it", async () => {
  const dir = await largeLog();
  const child = spawn(process.execPath, [CLI, "audit", "export", dir, "--format", "jsonl"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let bytes = 0;
  for await (const chunk of child.stdout) {
    bytes += (chunk as Buffer).length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(bytes).toBe(statSync(join(dir, FIRST)).size);
});

/** Runs one line of shell that may write files of 100 KiB and no more; `$1` to `$4`: node, the command, log, folder. */
async function limited(line: string, dir: string, folder: string): Promise<{ code: number; stderr: string }> {
  const script = `ulimit -f 100; trap '' XFSZ; ${line}`;
  return promisify(execFile)("bash", ["-c", script, "bash", process.execPath, CLI, dir, folder])
    .then(({ stderr }) => ({ code: 0, stderr }))
    .catch((error: { code: number; stderr: string }) => error);
}

test("a disk that is full ends it with 73, on standard output and in a file", async () => {
  const dir = await largeLog();
  const folder = temporaryFolder();
  expect(await limited('"$1" "$2" audit export "$3" --format jsonl > "$4/redirected"', dir, folder)).toMatchObject({
    code: 73,
    stderr: expect.stringContaining("standard output cannot be written (EFBIG)"),
  });
  expect(await limited('"$1" "$2" audit export "$3" --format jsonl --out "$4/file"', dir, folder)).toMatchObject({
    code: 73,
    stderr: expect.stringContaining("cannot be written (EFBIG)"),
  });
  expect(readdirSync(folder)).toEqual(["redirected"]);
});

test("a last write that the disk takes a part of only is no success", async () => {
  const dir = temporaryFolder();
  await writeLog(
    dir,
    Array.from({ length: 230 }, () => STORY[0]!),
  );
  const { size } = statSync(join(dir, FIRST));
  // The first of two writes fits, the second does not, and nothing follows it.
  expect(size).toBeGreaterThan(100 * 1024);
  expect(size).toBeLessThan(2 * 64 * 1024);
  const redirected = '"$1" "$2" audit export "$3" --format jsonl > "$4/redirected"';
  expect(await limited(redirected, dir, temporaryFolder())).toMatchObject({ code: 73 });
});

test.each([
  [[], "name one folder"],
  [["a", "b", "--format", "csv"], "name one folder"],
  [["a"], "--format is needed"],
  [["a", "--format", "jsnl"], "unknown --format jsnl; did you mean jsonl? (jsonl, csv, ocsf)"],
  [["a", "--format", "csv", "--type", "call.refuse"], "unknown --type call.refuse; did you mean call.refused?"],
  [["a", "--format", "csv", "--from", "-1"], "--from needs a value"],
  [["a", "--format", "csv", "--from=1.5"], "--from is a whole number"],
  [["a", "--format", "csv", "--since", "yesterday"], "--since is a date and time with its offset"],
  [
    ["a", "--format", "csv", "--since", "2026-01-02T00:00:00Z", "--until", "2026-01-01T00:00:00Z"],
    "--since is not before --until",
  ],
  [["a", "--format", "csv", "--out", ""], "--out is needed"],
  [["a", "--format", "csv", "--outt", "x"], "did you mean --out?"],
])("%j is a usage error that helps", async (args, message) => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, "a"));
  expect(await cli(["audit", "export", ...args], { cwd: dir })).toMatchObject({
    code: 64,
    out: "",
    err: expect.stringContaining(message),
  });
});
