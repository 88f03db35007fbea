import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FIRST, STORY, start, startWriter, temporaryFolder, writeLog } from "../support/audit-logs.ts";
import { cli, HARMLESS } from "../support/cli.ts";

const tail = (...args: string[]) => cli(["audit", "tail", ...args]);

test("one line a record: time, who, tool, what happened, code, duration, reference, why", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY.slice(0, 4));
  const { code, out, err } = await tail(dir);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const lines = out.split("\n").slice(0, -1);
  expect(lines).toHaveLength(6);
  const time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
  for (const [index, words] of [
    "- - log.opened -",
    "alice write_file call.intent allow r1 authorize:write-scope",
    "alice write_file call.outcome ok 3.3 ms r1",
    "bob delete_file call.refused denied r2 authorize:no-destroy",
    "nightly fetch call.outcome internal 3.3 ms r3",
    "- - log.stopped -",
  ].entries()) {
    expect(lines[index]).toMatch(new RegExp(`^${time} +${words.replaceAll(" ", " +")}`));
  }
  // Aligned: what happened begins in the same column of every line.
  expect(new Set(lines.map((line) => line.search(/(call|log)\./))).size).toBe(1);
});

test("the newest ten, or as many as asked for", async () => {
  const dir = temporaryFolder();
  await writeLog(
    dir,
    Array.from({ length: 30 }, (_, i) => ({ ...STORY[0]!, ref: `n${i}` }) as (typeof STORY)[0]),
  );
  const refs = async (...flags: string[]) => (await tail(dir, ...flags)).out.match(/\bn\d+\b/g) ?? [];
  expect(await refs()).toEqual(Array.from({ length: 9 }, (_, i) => `n${i + 21}`));
  expect(await refs("-n", "3")).toEqual(["n28", "n29"]);
  expect(await refs("-n3")).toEqual(["n28", "n29"]);
  expect(await refs("--lines=1000")).toHaveLength(30);
  expect((await tail(dir, "-n", "0")).out).toBe("");
});

test("by type, by tool, and what went wrong", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, STORY);
  const refs = async (...flags: string[]) => {
    const { out } = await tail(dir, "--json", ...flags);
    return out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).seq);
  };
  expect(await refs("--type", "call.refused", "--type", "log.opened")).toEqual([0, 3]);
  expect(await refs("--tool", "write_file")).toEqual([1, 2]);
  expect(await refs("--errors")).toEqual([3, 4, 5]);
  expect(await refs("--errors", "--tool", "fetch")).toEqual([4]);
});

test("nothing from a log acts on the terminal, and no text is long", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, [...STORY, { ...STORY[2]!, ref: "x".repeat(5000) } as (typeof STORY)[0]]);
  const { out } = await tail(dir);
  expect(out).toMatch(HARMLESS);
  expect(out).toContain("\\u{1b}[2J");
  expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(260);
  expect(out).not.toMatch(/^intact/m);
  expect((await tail(dir, "--json")).out).toMatch(HARMLESS);
});

test("of all sub-logs, marked", async () => {
  const dir = temporaryFolder();
  for (const slot of ["0", "1"]) await writeLog(join(dir, slot), STORY.slice(0, 1));
  const { out } = await tail(dir);
  expect(out.match(/ #0 /g)).toHaveLength(3);
  expect(out.match(/ #1 /g)).toHaveLength(3);
});

test("a folder without a log is an error; a damaged log, too, with its place", async () => {
  const dir = temporaryFolder();
  expect(await tail(dir)).toMatchObject({ code: 1, err: expect.stringContaining("there is no audit log in") });
  await writeLog(dir, STORY);
  writeFileSync(join(dir, FIRST), "nothing\n", { flag: "a" });
  expect(await tail(dir)).toMatchObject({ code: 1, err: expect.stringContaining("the line is not JSON") });
});

test.each([
  [[], "name one folder"],
  [["a", "-n", "many"], "--lines is a whole number from 0 to 10000"],
  [["a", "-n"], "--lines needs a value"],
  [["a", "-n", "10001"], "--lines is a whole number from 0 to 10000"],
  [["a", "-x"], "unknown flag -x"],
  [["a", "--folow"], "did you mean --follow?"],
  [["a", "-f", "-f"], "--follow was given twice"],
  [["a", "--type", "call.outcom"], "did you mean call.outcome?"],
  [["a", "--tool", ""], "--tool is needed"],
])("%j is a usage error that helps", async (args, message) => {
  expect(await tail(...args)).toMatchObject({ code: 64, out: "", err: expect.stringContaining(message) });
});

test("-f shows what another process writes, as it is written, over a restart, and ends on Ctrl-C with 0", async () => {
  const dir = temporaryFolder();
  const first = startWriter(dir);
  await first.sees(/open/);
  const follower = start(["audit", "tail", dir, "-f"]);
  await follower.sees(/log\.opened/);
  first.child.stdin.write("one\n");
  await follower.sees(/call\.outcome .* one\n/);
  first.child.stdin.end("two\n");
  await follower.sees(/ two\n[\s\S]*log\.stopped/);
  const second = startWriter(dir);
  await second.sees(/open/);
  second.child.stdin.write("three\n");
  await follower.sees(/call\.outcome .* three\n/);
  follower.child.kill("SIGINT");
  const { code, out, err } = await follower.ended;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.match(/call\.intent/g)).toHaveLength(3);
  expect(out.match(/call\.outcome/g)).toHaveLength(3);
});

test("-f waits for a log that is not there yet", async () => {
  const dir = join(temporaryFolder(), "later");
  const follower = start(["audit", "tail", "-f", dir]);
  const writer = startWriter(join(dir, "0"));
  await writer.sees(/open/);
  writer.child.stdin.write("one\n");
  await follower.sees(/call\.outcome .* one\n/);
});

test("-f over segments: a new one is taken up, and nothing is shown twice", async () => {
  const dir = temporaryFolder();
  const lines = await writeLog(dir, STORY);
  const put = (from: number, to: number) => {
    const path = join(dir, `audit-${String(from).padStart(20, "0")}.jsonl`);
    writeFileSync(
      `${path}.new`,
      lines
        .slice(from, to)
        .map((line) => `${line}\n`)
        .join(""),
    );
    renameSync(`${path}.new`, path);
  };
  put(0, 2);
  const follower = start(["audit", "tail", "-f", "--json", dir]);
  await follower.sees(/"seq":1,/);
  put(2, 4);
  put(4, 7);
  await follower.sees(/"seq":6,/);
  follower.child.kill("SIGINT");
  expect((await follower.ended).out).toBe(`${lines.join("\n")}\n`);
});

test("-f follows a writer over its own rotation, record by record", async () => {
  const dir = temporaryFolder();
  const writer = startWriter(dir);
  await writer.sees(/open/);
  const follower = start(["audit", "tail", "-f", "--json", "-n", "100", dir]);
  await follower.sees(/log\.opened/);
  writer.child.stdin.end(Array.from({ length: 600 }, (_, i) => `c${i}\n`).join(""));
  await follower.sees(/log\.stopped/);
  follower.child.kill("SIGINT");
  const { code, out } = await follower.ended;
  expect(code).toBe(0);
  const segments = readdirSync(dir)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
  expect(segments.length).toBeGreaterThan(4);
  expect(out).toBe(segments.map((name) => readFileSync(join(dir, name), "latin1")).join(""));
});

test("-f survives a cut and says what is gone", async () => {
  const dir = temporaryFolder();
  const lines = await writeLog(dir, STORY);
  const follower = start(["audit", "tail", "-f", dir]);
  await follower.sees(/log\.stopped/);
  truncateSync(join(dir, FIRST), lines.slice(0, 4).join("\n").length + 1);
  await follower.sees(/was cut: records 4 to 6 were on disk and are gone/);
  writeFileSync(join(dir, FIRST), `${lines[4]}\n`, { flag: "a" });
  await follower.sees(/(call\.outcome .* r3\n[\s\S]*){2}/);
  follower.child.kill("SIGINT");
  expect(await follower.ended).toMatchObject({ code: 0 });
});

test("-f ends when its reader goes away", async () => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, "0"));
  const writer = startWriter(join(dir, "0"));
  await writer.sees(/open/);
  const follower = start(["audit", "tail", "-f", dir]);
  await follower.sees(/log\.opened/);
  follower.child.stdout.destroy();
  await once(follower.child.stdout, "close");
  writer.child.stdin.write("one\n");
  expect(await follower.ended).toMatchObject({ code: 0, err: "" });
});
