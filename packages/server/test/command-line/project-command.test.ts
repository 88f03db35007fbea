import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("../support/project/", import.meta.url)).replace(/\/$/, "");
// Its real path, since that is what the process says of it.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-project-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the project's command in a process of its own, started in another folder than the project's. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(PROJECT, "src/cli.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
    input: "",
    env: { PATH: process.env["PATH"], XDG_STATE_HOME: folder, ...environment },
  });
  return { status, stdout, stderr };
}
const shown = (args: readonly string[], environment?: Readonly<Record<string, string>>) =>
  JSON.parse(run(["--print-config", ...args], environment).stdout) as Record<string, unknown>;

describe("the command of a project", () => {
  it("reads the project's own file, and its paths, wherever it is started", () => {
    expect(shown([])).toMatchObject({ greeting: "Hello from the file", auditDir: join(PROJECT, "audit") });
  });

  it("takes a path on the command line from where it was typed", () => {
    writeFileSync(join(folder, "other.json"), '{ "greeting": "Hello from another" }', { mode: 0o600 });
    expect(shown(["--config", "other.json", "--audit-dir", "log"])).toMatchObject({
      greeting: "Hello from another",
      auditDir: join(folder, "log"),
    });
  });

  it("puts the environment over the file, and a variable that names a file over the project's", () => {
    expect(shown([], { HARDENED_MCP_GREETING: "Hello from outside" })).toMatchObject({
      greeting: "Hello from outside",
    });
    writeFileSync(join(folder, "named.json"), "{}", { mode: 0o600 });
    expect(shown([], { HARDENED_MCP_CONFIG: join(folder, "named.json") })).toMatchObject({ greeting: "Hello" });
  });

  it("keeps sqlite: without a path in the user's state folder", () => {
    expect(shown([])).toMatchObject({ state: { url: `sqlite://${folder}/hardened-mcp/project/state.db` } });
  });

  it("knows its version", () => {
    expect(run(["--version"])).toMatchObject({ status: 0, stdout: "3.2.1\n" });
  });

  it("describes only what is enabled, and closes what that took", () => {
    const names = (args: readonly string[]) => {
      const { stdout, stderr } = run(["--print-manifest", ...args]);
      expect(stderr).toBe("described\nclosed\n");
      return (JSON.parse(stdout) as { operations: { name: string }[] }).operations.map(({ name }) => name);
    };
    expect(names([])).toEqual(["say"]);
    expect(names(["--allow-write"])).toEqual(["say", "change"]);
  });

  it.each([
    [["serve"], 64, 'A word stands where only flags can: "serve". See --help.'],
    [["--alow-write"], 64, "Did you mean --allow-write?"],
    [["--config", "none.json"], 78, "cannot be read"],
  ])("refuses %j", (args, status, message) => {
    const answer = run(args);
    expect(answer.status).toBe(status);
    expect(answer.stderr).toContain(message);
  });

  it("accepts writing on the command line only", () => {
    writeFileSync(join(folder, "write.json"), '{ "allowWrite": true }', { mode: 0o600 });
    const { status, stderr } = run(["--config", "write.json"]);
    expect(status).toBe(78);
    expect(stderr).toContain("--allow-write");
  });

  it("explains a misspelt key of its own", () => {
    writeFileSync(join(folder, "typo.json"), '{ "greting": "x" }', { mode: 0o600 });
    expect(run(["--config", "typo.json"]).stderr).toContain('Unknown key "greting". Did you mean "greeting"?');
  });

  it("is held to the lock in the project's folder at every start, with and without writing", () => {
    for (const more of [[], ["--allow-write"]]) {
      const { status, stderr } = run(["--audit-dir", "log", ...more]);
      expect([status, stderr]).toEqual([0, expect.stringContaining("serving")]);
      expect(stderr).toMatch(/served\nclosed\n/);
    }
    expect(run(["--check-tools-lock"])).toMatchObject({ status: 0, stderr: "described\nclosed\ndescribed\nclosed\n" });
  });

  it("does not start without a lock, and says how to write it; for development it does", () => {
    const noLock = ["--audit-dir", "log", "--tools-lock", "none.json"];
    // What the environment says of the kind of place this is takes no protection away.
    const { status, stderr } = run(noLock, { NODE_ENV: "development" });
    expect(status).toBe(78);
    expect(stderr).toContain(`There is no tools lock ${join(folder, "none.json")}`);
    expect(stderr).toContain("npm run lock");
    expect(run([...noLock, "--dangerously-allow-tool-drift"]).status).toBe(0);
  });

  it("takes no other lock from the environment or the configuration", () => {
    writeFileSync(join(folder, "own.json"), readFileSync(join(PROJECT, "tools.lock.json")), { mode: 0o600 });
    writeFileSync(join(folder, "names.json"), '{ "toolsLock": "own.json" }', { mode: 0o600 });
    const said = [run([], { HARDENED_MCP_TOOLS_LOCK: join(folder, "own.json") }), run(["--config", "names.json"])];
    for (const { status, stderr } of said) {
      expect([status, stderr]).toEqual([78, expect.stringContaining(`held to ${join(PROJECT, "tools.lock.json")}`)]);
    }
  });

  it("writes the lock where it is told to, from where it was typed", () => {
    expect(run(["--write-tools-lock", "--tools-lock", "new.json"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is new: 1 tool"),
    });
    expect(readFileSync(join(folder, "new.json"), "utf8")).toBe(readFileSync(join(PROJECT, "tools.lock.json"), "utf8"));
  });
});
