import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditLog } from "@hardened-mcp/audit";
import { expect, onTestFinished, test, vi } from "vitest";
import { CLI, cli, HARMLESS, HOSTILE } from "../support/cli.ts";

/** A folder with a log, and a configuration with an anchor in a file of another folder. */
async function setUp(config?: object) {
  const base = mkdtempSync(join(tmpdir(), "ship-"));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [dir, file, path] = [join(base, "log"), join(base, "anchor", "notes.txt"), join(base, "ship.json")];
  mkdirSync(join(base, "anchor"));
  await (await openAuditLog({ dir, server: "notes" })).close();
  writeFileSync(path, JSON.stringify(config ?? { anchors: [{ file }] }));
  return { base, dir, file, config: path };
}

const noteOf = (file: string): string => readFileSync(file, "utf8");

test("sends what is there, once, and says how far it got", async () => {
  const { dir, file, config } = await setUp();
  const { code, out, err } = await cli(["audit", "ship", dir, "--config", config, "--once"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("anchor-file: ");
  expect(out).toContain("0 to go");
  expect(noteOf(file)).toMatch(/^notes\/[\w-]{22}\n[1-9]/);
});

test("follows a log until it is told to end", async () => {
  const { dir, file, config } = await setUp();
  const child = spawn(process.execPath, [CLI, "audit", "ship", dir, "--config", config], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit");
  await vi.waitFor(() => expect(noteOf(file).split("\n\n").length).toBeGreaterThan(2), { timeout: 20_000 });
  const before = noteOf(file).length;
  await (await openAuditLog({ dir, server: "notes" })).close();
  await vi.waitFor(() => expect(noteOf(file).length).toBeGreaterThan(before), { timeout: 20_000 });
  child.kill("SIGTERM");
  expect((await ended)[0]).toBe(0);
});

test("ends with 69 when a target has not taken everything", async () => {
  const { dir, config } = await setUp({ exports: [{ syslog: { host: "127.0.0.1", port: 1 } }] });
  const { code, out } = await cli(["audit", "ship", dir, "--config", config, "--once", "--timeout", "500"]);
  expect(code).toBe(69);
  expect(out).toContain("ECONNREFUSED");
});

test("ends with 69 where there is no log", async () => {
  const { base, config } = await setUp();
  const { code, out } = await cli(["audit", "ship", join(base, "anchor"), "--config", config, "--once"]);
  expect([code, out]).toEqual([69, "no log in that folder\n"]);
});

test.each([
  [{ exports: [{ otlp: { url: "http://c.example/" } }] }, "must be https"],
  [{ anchors: [], exports: [] }, "neither exports nor anchors"],
  [{ anchors: [{ file: "/x" }], dir: "/elsewhere" }, "nothing else"],
  [{ exports: [{ syslog: { host: HOSTILE } }] }, "a host name"],
  [{ [HOSTILE]: 1 }, "nothing else"],
])("refuses a configuration such as %j", async (given, message) => {
  const { dir, config } = await setUp(given);
  const { code, err } = await cli(["audit", "ship", dir, "--config", config]);
  expect(code).toBe(78);
  expect(err).toContain(message);
  expect(err).toMatch(HARMLESS);
});

test.each([
  [[], "name one folder"],
  [["DIR"], "--config is needed"],
  [["/gone", "--config", "x"], "no folder"],
  [["DIR", "--config", "x", "--timeout", "5"], "goes with --once"],
  [["DIR", "--config", "x", "--once", "--timeout", "soon"], "number of milliseconds"],
])("explains a wrong command line: %j", async (args, message) => {
  const { dir } = await setUp();
  const { code, err } = await cli(["audit", "ship", ...args.map((one) => (one === "DIR" ? dir : one))]);
  expect(code).toBe(64);
  expect(err).toContain(message);
});
