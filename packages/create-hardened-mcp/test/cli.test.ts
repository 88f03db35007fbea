import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLI, cli, DIST, FILES_ONLY, tempFolder } from "./support/cli.ts";
import { tree } from "./support/tree.ts";

test.each(["18.20.0", "22.21.0"])(
  "on Node %s it says what to do and exits 78, before anything else",
  async (version) => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
    const command = [process.execPath, "--import", pretend, CLI] as const;
    const { code, err } = await cli(["--nonsense"], { cwd: tempFolder(), command });
    expect(code).toBe(78);
    expect(err).toContain(`needs Node 24 or newer; this is Node ${version}`);
  },
);

test("the first file imports nothing before that check: an old Node could not parse it", () => {
  expect(readFileSync(CLI, "utf8").slice(0, 60)).not.toMatch(/import[^(]/);
});

test("without a terminal it asks nothing, and makes my-mcp-server", async () => {
  const cwd = tempFolder();
  const { code, out, err } = await cli(["--no-install", "--no-git"], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(readdirSync(cwd)).toEqual(["my-mcp-server"]);
  expect(out.trimEnd().split("\n").slice(-3)).toEqual([
    "Start:              cd my-mcp-server && npm install && npm run build",
    `Connect a client:   claude mcp add my-mcp-server -- node ${cwd}/my-mcp-server/dist/cli.js`,
    "Off by default:     every tool that writes (--allow-write offers them); HTTP; telemetry",
  ]);
});

test("with state in a store the three lines say that it must run, and are three", async () => {
  const cwd = tempFolder();
  const { out } = await cli(["x", ...FILES_ONLY, "--state", "postgres"], { cwd });
  const [start, ...others] = out.trimEnd().split("\n").slice(-3);
  expect(start).toBe(
    "Start:              with PostgreSQL running, its URL in secrets/state-url: cd x && npm install && npm run build",
  );
  expect(others.map((line) => line.slice(0, 16))).toEqual(["Connect a client", "Off by default: "]);
  expect(readFileSync(join(cwd, "x/secrets/state-url"), "utf8")).toMatch(/^postgres:/);
});

test("--json prints one object and no secret", async () => {
  const cwd = tempFolder();
  const flags = ["--transport", "http", "--auth", "api-key", "--state", "postgres", "--json"];
  const { code, out, err } = await cli(["x", ...FILES_ONLY, ...flags], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { dir, files, secrets, options, next } = JSON.parse(out);
  expect([dir, secrets]).toEqual([join(cwd, "x"), ["secrets/api-key", "secrets/state-url", "secrets/state.key"]]);
  expect(options).toMatchObject({
    template: "minimal",
    transport: "http",
    auth: "api-key",
    state: "postgres",
    pm: "npm",
  });
  expect(Object.keys(next)).toEqual(["start", "needs", "connect", "off"]);
  const made = tree(join(cwd, "x"));
  expect(files.filter((path: string) => made[path] === undefined)).toEqual([]);
  for (const path of secrets) expect(out).not.toContain(readFileSync(join(cwd, "x", path), "utf8").trim());
});

test("--help and --version with --json are one JSON object, too", async () => {
  const cwd = tempFolder();
  const [help, version] = [await cli(["--help", "--json"], { cwd }), await cli(["--version", "--json"], { cwd })];
  expect(JSON.parse(help.out)).toEqual({ help: expect.stringContaining("Usage: create-hardened-mcp") });
  expect(JSON.parse(version.out)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});

test("--dry-run lists what would be written, and writes nothing, not even the folder above", async () => {
  const cwd = tempFolder();
  const { code, out } = await cli(["a/b", "--dry-run", "--json"], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    dryRun: true,
    files: expect.arrayContaining(["package.json", "server.config.json"]),
  });
  expect((await cli(["a/b", "--dry-run"], { cwd })).out).toContain("Nothing was written.");
  expect(tree(cwd)).toEqual({});
});

test("what is refused is said on standard error only, with exit code 64", async () => {
  const cwd = tempFolder();
  const { code, out, err } = await cli(["x", "--json", "--transport", "http", "--auth", "none", "--host", "0.0.0.0"], {
    cwd,
  });
  expect({ code, out }).toEqual({ code: 64, out: "" });
  expect(err).toContain("Add --auth api-key");
  expect(tree(cwd)).toEqual({});
});

test("a program is not made to wait for what only people need", () => {
  const [cliFile = "", mainFile = ""] = [
    CLI,
    join(DIST, readdirSync(DIST).find((name) => name.startsWith("main-")) ?? ""),
  ];
  const text = readFileSync(cliFile, "utf8") + readFileSync(mainFile, "utf8");
  expect(text).toContain('import("./prompts-');
  expect(text.length).toBeLessThan(55_000);
});
