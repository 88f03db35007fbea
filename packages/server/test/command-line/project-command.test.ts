import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("../support/project/", import.meta.url)).replace(/\/$/, "");
const SOURCES = new URL("../../src", import.meta.url).href;
// Its real path, since that is what the process says of it.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-project-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the project's command in a process of its own, started in another folder than the project's. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}, project = PROJECT) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, "src/cli.ts"), ...args], {
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

  it("speaks stdio where the environment names no more of HTTP than its monitoring port", () => {
    const environment = { HARDENED_MCP_HTTP_MONITOR_PORT: "9464" };
    expect(shown([], environment)).not.toHaveProperty("http");
    expect(shown(["--http"], environment)).toMatchObject({ http: { monitorPort: 9464 } });
    expect(shown([], { ...environment, HARDENED_MCP_HTTP_PORT: "3001" })).toMatchObject({
      http: { port: 3001, monitorPort: 9464 },
    });
    writeFileSync(join(folder, "http.json"), '{ "http": {} }', { mode: 0o600 });
    expect(shown(["--config", "http.json"], environment)).toMatchObject({ http: { monitorPort: 9464 } });
  });

  it("keeps sqlite: without a path, and the audit log, in a folder of the user's state that is this project's own", () => {
    writeFileSync(join(folder, "sqlite.json"), '{ "state": { "url": "sqlite:" } }', { mode: 0o600 });
    const { state, auditDir } = shown(["--config", "sqlite.json"]);
    const own = `${folder}/hardened-mcp/project-[0-9a-f]{16}`;
    expect(state).toMatchObject({ url: expect.stringMatching(`^sqlite://${own}/state.db$`) });
    expect(auditDir).toMatch(new RegExp(`^${own}/audit$`));
  });

  it("is served apart from another project of the same name, and alike through a link to it", () => {
    const copy = join(folder, "copy");
    const link = join(folder, "link");
    // Nothing of it but its place: what it imports is above it.
    mkdirSync(join(copy, "src"), { recursive: true });
    symlinkSync(PROJECT, link);
    writeFileSync(join(copy, "package.json"), '{ "version": "1.0.0", "type": "module" }');
    const main = readFileSync(join(PROJECT, "src/main.ts"), "utf8").replaceAll("../../../../src/", `${SOURCES}/`);
    writeFileSync(join(copy, "src/main.ts"), main.replace('"zod"', JSON.stringify(import.meta.resolve("zod"))));
    writeFileSync(join(copy, "src/cli.ts"), 'await (await import("./main.ts")).main(process.argv.slice(2));\n');
    writeFileSync(join(folder, "empty.json"), "{}", { mode: 0o600 });
    const dirOf = (project: string) =>
      JSON.parse(run(["--print-config", "--config", "empty.json"], {}, project).stdout)["auditDir"] as string;
    expect(dirOf(copy)).toMatch(/hardened-mcp\/project-/);
    expect(dirOf(copy)).not.toBe(dirOf(PROJECT));
    expect(dirOf(link)).toBe(dirOf(PROJECT));
  });

  it.each([
    ["a key", "state.db.key"],
    ["the audit log", "log/0/segment"],
    ["the folder of the audit log", "."],
    ["its own settings", "served.json"],
    ["its program", join(PROJECT, "src/main.ts")],
    ["its folder", PROJECT],
    ["a secret that no setting names", join(PROJECT, "secrets/api-key")],
  ])("does not serve %s", (_, file) => {
    const state = { url: `sqlite://${folder}/state.db` };
    const path = resolve(folder, file);
    writeFileSync(join(folder, "served.json"), JSON.stringify({ file: path, state }), { mode: 0o600 });
    const { status, stderr } = run(["--config", "served.json", "--audit-dir", "log"]);
    expect([status, stderr]).toEqual([78, expect.stringMatching(/file: clients could reach \/.* apart from it\./)]);
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
