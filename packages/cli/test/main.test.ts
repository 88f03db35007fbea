import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditLog } from "@hardened-mcp/audit";
import { expect, onTestFinished, test } from "vitest";
import { main } from "../src/main.ts";

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { write: (text) => out.push(text) }, { write: (text) => err.push(text) });
  return { code, out: out.join(""), err: err.join("") };
}

/** A log with records 0 to 3, its file, and its head. */
async function makeLog(): Promise<{ dir: string; file: string; head: string }> {
  const dir = mkdtempSync(join(tmpdir(), "cli-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const log = await openAuditLog({ dir, server: "test" });
  log.write({ type: "config.loaded", detail: { flag: "x" } });
  log.write({ type: "server.stopped" });
  await log.close();
  const file = join(dir, "audit-00000000000000000000.jsonl");
  const last = JSON.parse(readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "");
  return { dir, file, head: `${last.seq}:${last.hash}` };
}

test("intact: exit 0, and prints the head to keep", async () => {
  const { dir, head } = await makeLog();
  const { code, out } = await run("audit", "verify", dir);
  expect(code).toBe(0);
  expect(out).toContain("intact: 4 good records");
  expect(out).toContain(`head ${head}`);
  expect((await run("audit", "verify", dir, "--anchor", head)).code).toBe(0);
});

test("tampered: exit 1, and names record, file, line and reason", async () => {
  const { dir, file } = await makeLog();
  writeFileSync(file, readFileSync(file, "latin1").replace('"flag":"x"', '"flag":"y"'));
  const { code, out } = await run("audit", "verify", dir);
  expect(code).toBe(1);
  expect(out).toContain("first bad record: 1");
  expect(out).toContain("in audit-00000000000000000000.jsonl, line 2: the content does not match its hash");
});

test("shorter than an anchor: exit 2", async () => {
  const { dir, file, head } = await makeLog();
  const text = readFileSync(file, "latin1");
  truncateSync(file, text.lastIndexOf("\n", text.length - 2) + 1);
  expect((await run("audit", "verify", dir)).code).toBe(0);
  expect((await run("audit", "verify", dir, `--anchor=${head}`)).code).toBe(2);
});

test("differs from an anchor: exit 1", async () => {
  const { dir } = await makeLog();
  expect((await run("audit", "verify", dir, "--anchor", `1:${"x".repeat(43)}`)).code).toBe(1);
});

test("unreadable: exit 3", async () => {
  expect((await run("audit", "verify", "/nowhere/at/all")).code).toBe(3);
});

test("--json prints the report", async () => {
  const { dir } = await makeLog();
  const { out } = await run("audit", "verify", "--json", dir);
  expect(JSON.parse(out)).toMatchObject({ status: "intact", records: 4, logs: [{ dir, unfinished: 0 }] });
});

test("a folder's name cannot write to the terminal", async () => {
  const { out } = await run("audit", "verify", "/tmp/\u001b[2J\u202e");
  expect(out).toMatch(/^[\n -~]*$/);
});

test.each([
  [["audit", "verfy", "x"], "unknown command audit verfy; did you mean audit verify?"],
  [["audit"], "did you mean audit verify?"],
  [["audit", "verify", "--ancor", "1:x", "x"], "unknown flag --ancor; did you mean --anchor?"],
  [["audit", "verify", "x", "--anchor"], "--anchor needs a value"],
  [["audit", "verify", "--anchor", "--json", "x"], "--anchor needs a value"],
  [["audit", "verify", "--anchor", "1:x", "x"], "an anchor is SEQ:HASH"],
  [["audit", "verify", "--anchor="], "name one folder"],
  [["audit", "verify", "x", "--anchor="], "an anchor is SEQ:HASH"],
  [["audit", "verify", "--json=no", "x"], "--json takes no value"],
  [["audit", "verify", "--no-json", "x"], "unknown flag --no-json"],
  [["audit", "verify", "--__proto__", "x"], "unknown flag --__proto__"],
  [["audit", "verify"], "name one folder"],
  [["audit", "verify", ""], "name one folder"],
  [["audit", "verify", "a", "b"], "name one folder"],
  [["--verison"], "did you mean --version?"],
  [["\u001b[2J"], "unknown command \\u{1b}[2J"],
])("%j is a usage error that helps", async (argv, message) => {
  const { code, out, err } = await run(...argv);
  expect(err).toContain(message);
  expect(code).toBe(64);
  expect(out).toBe("");
});

test("--help, --version, and no words at all", async () => {
  expect(await run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("audit verify DIR") });
  expect(await run("audit", "verify", "--help")).toMatchObject({ code: 0, out: expect.stringContaining("2 shorter") });
  const { code, out } = await run("switches", "--help");
  expect(out.match(/^ {2}\w.*$/gm)?.slice(0, -1)).toHaveLength(3);
  expect(code).toBe(0);
  expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run()).code).toBe(64);
});
