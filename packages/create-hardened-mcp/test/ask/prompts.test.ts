import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { isInteractive } from "../../src/ask/interactive.ts";
import { CLI, PLAIN_ENV, tempFolder } from "../support/cli.ts";

const ENTER = "\r";
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const SHOW_CURSOR = "\u001b[?25h";
const HIDE_CURSOR = "\u001b[?25l";

interface Terminal {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
}

type Answer = readonly [question: string, keys: string | NodeJS.Signals];

/** Runs the command on a real terminal. Each answer is typed, or sent as a signal, when its question is on the screen. */
async function onTerminal(
  cwd: string,
  line: string,
  answers: readonly Answer[],
  { env = {}, columns = 120 }: Terminal = {},
) {
  const pid = join(tempFolder(), "pid");
  // Then the terminal is looked at: whether it shows what is typed, as a shell needs it.
  const command = `stty cols ${columns} rows 40; sh -c 'echo $$ > "$0"; exec "$@"' "${pid}" "${process.execPath}" "${CLI}" ${line}; code=$?; stty -a; exit $code`;
  // `script` gives it a pseudo-terminal, and its exit code back.
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd,
    env: { ...PLAIN_ENV, TERM: "xterm", ...env },
  });
  let raw = "";
  let from = 0;
  const left = [...answers];
  child.stdout.on("data", (data) => {
    raw += data;
    const screen = stripVTControlCharacters(raw);
    const [next] = left;
    const at = next === undefined ? -1 : screen.indexOf(next[0], from);
    if (next === undefined || at < 0) return;
    left.shift();
    from = at + next[0].length;
    if (next[1].startsWith("SIG")) process.kill(Number(readFileSync(pid, "utf8")), next[1] as NodeJS.Signals);
    else child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, raw, screen: stripVTControlCharacters(raw), unasked: left.map(([question]) => question) };
}

describe("on a terminal", () => {
  test("it asks, and each answer counts", async () => {
    const cwd = tempFolder();
    const { code, unasked, screen } = await onTerminal(cwd, "--no-install --no-git", [
      ["Which folder?", `shop${ENTER}`],
      ["What does the server offer?", ENTER],
      ["How do clients reach it?", DOWN + ENTER],
      ["prove who they are?", DOWN + ENTER],
      ["Where is state kept", DOWN + DOWN + ENTER],
    ]);
    expect({ code, unasked }, screen).toEqual({ code: 0, unasked: [] });
    const { name, hardenedMcp } = JSON.parse(readFileSync(join(cwd, "shop/package.json"), "utf8"));
    expect([name, hardenedMcp.transport, hardenedMcp.state]).toEqual(["shop", "http", "redis"]);
    // Above the default, one key, stands what came before it.
    expect(hardenedMcp.auth).toBe("none");
  });

  test("Enter all the way makes the same project as asking nothing", async () => {
    const cwd = tempFolder();
    const questions = ["Which folder?", "What does", "How do clients", "Where is state"];
    const { code, screen } = await onTerminal(
      cwd,
      "--no-install --no-git",
      questions.map((one) => [one, ENTER] as const),
    );
    expect(code, screen).toBe(0);
    const { hardenedMcp } = JSON.parse(readFileSync(join(cwd, "my-mcp-server/package.json"), "utf8"));
    expect(hardenedMcp).toMatchObject({ template: "minimal", transport: "stdio", auth: "none", state: "sqlite" });
  });

  test("what is said is not asked, and what would be refused is not offered", async () => {
    const { code, screen } = await onTerminal(
      tempFolder(),
      "x --template minimal --auth jwt --state redis --no-install",
      [["How do clients reach it?", CTRL_C]],
    );
    expect(code).toBe(130);
    expect(screen).not.toContain("What does the server offer?");
    expect(screen).not.toContain("stdio\n");
  });
});

describe("whatever ends a question, nothing is written, it is said, and the terminal is as it was", () => {
  test.each([
    [CTRL_C, 130, "Cancelled."],
    [CTRL_D, 130, "Cancelled."],
    ["SIGINT", 130, "Interrupted by SIGINT."],
    ["SIGTERM", 143, "Interrupted by SIGTERM."],
    ["SIGHUP", 129, "Interrupted by SIGHUP."],
  ] as const)("%j", async (end, exit, said) => {
    for (const [line, question] of [
      ["", "Which folder?"],
      ["shop", "What does the server offer?"],
    ] as const) {
      const cwd = tempFolder();
      const { code, raw, screen } = await onTerminal(cwd, line, [[question, end]]);
      expect({ code, made: readdirSync(cwd) }, screen).toEqual({ code: exit, made: [] });
      expect(screen).toContain(`create-hardened-mcp: ${said} Nothing was written.`);
      expect(raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(raw.lastIndexOf(HIDE_CURSOR));
      expect(screen).toMatch(/ icanon/);
      expect(screen).toMatch(/ echo /);
    }
  });
});

describe("nobody is asked what no answer makes good", () => {
  test.each([
    ["z --transport stdio --auth oauth --template minimal --state sqlite", 64, "--transport stdio has none"],
    ["--host 0.0.0.0 --auth none", 64, "Other machines can reach 0.0.0.0"],
    ["--host http://x", 64, "is no address"],
    ["--issuer http://login.example.com", 64, "is no https URL"],
    ["--transport stdio --public-url https://a.example/mcp", 64, "only this machine does"],
    ["--name A", 64, "makes no package name"],
    ["~/x", 64, "no shell has made a folder"],
    ["full", 73, "has files, and none of them was touched"],
  ])("%s", async (line, exit, said) => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "full/src"), { recursive: true });
    const { code, screen } = await onTerminal(cwd, line.replace("~", "'~'"), []);
    expect({ code, screen }).toEqual({ code: exit, screen: expect.stringContaining(said) });
    expect(screen).not.toContain("A hardened MCP server");
  });

  test("what a flag said before makes wrong is not offered", async () => {
    const { screen } = await onTerminal(tempFolder(), "x --template minimal --issuer https://login.example.com", [
      ["How do clients reach it?", ENTER],
      ["prove who they are?", CTRL_C],
    ]);
    const offered = [...screen.matchAll(/[●○] ([a-z-]+)/g)].map(([, value]) => value);
    expect([...new Set(offered)].toSorted()).toEqual(["both", "http", "jwt", "oauth"]);
  });
});

test("a home folder that no shell put in is asked for again, and not made here", async () => {
  const cwd = tempFolder();
  const { code, screen } = await onTerminal(cwd, "--template minimal", [
    ["Which folder?", `~/proj${ENTER}`],
    ["no shell has made", CTRL_C],
  ]);
  expect({ code, made: readdirSync(cwd) }).toEqual({ code: 130, made: [] });
  expect(screen).toContain("/proj");
});

test("a terminal of no width is written to as one of a usual width", async () => {
  const { screen } = await onTerminal(tempFolder(), "", [["Which folder?", CTRL_C]], { columns: 0 });
  expect(screen).toContain("A hardened MCP server");
});

test("a terminal that moves no cursor is sent no escapes, and asked nothing", async () => {
  const cwd = tempFolder();
  const { code, raw } = await onTerminal(cwd, "--no-install --no-git", [], { env: { TERM: "dumb" } });
  expect({ code, made: readdirSync(cwd) }).toEqual({ code: 0, made: ["my-mcp-server"] });
  expect(raw).not.toContain("\u001b");
});

const TERMINALS = { stdin: { isTTY: true }, stdout: { isTTY: true } };

test.each([
  ["on terminals", {}, {}, TERMINALS, true],
  ["with CI=false", {}, { CI: "false" }, TERMINALS, true],
  ["on a dumb one", {}, { TERM: "dumb" }, TERMINALS, false],
  ["with CI=0", {}, { CI: "0" }, TERMINALS, true],
  ["in CI", {}, { CI: "true" }, TERMINALS, false],
  ["in another CI", {}, { CI: "1" }, TERMINALS, false],
  ["with --yes", { yes: true }, {}, TERMINALS, false],
  ["with --no-interactive", { noInteractive: true }, {}, TERMINALS, false],
  ["with --json", { json: true }, {}, TERMINALS, false],
  ["with input from a pipe", {}, {}, { ...TERMINALS, stdin: {} }, false],
  ["with output to a file", {}, {}, { ...TERMINALS, stdout: {} }, false],
] as const)("%s it asks: %#", (_, flags, environment, streams, expected) => {
  expect(isInteractive(flags, environment, streams)).toBe(expected);
});
