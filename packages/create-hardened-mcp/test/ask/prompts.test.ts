import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { isInteractive } from "../../src/ask/interactive.ts";
import { CLI, PLAIN_ENV, tempFolder } from "../support/cli.ts";

const ENTER = "\r";
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";

/** Runs the command on a real terminal. Each answer is typed when its question is on the screen. */
async function onTerminal(cwd: string, line: string, answers: readonly (readonly [question: string, keys: string])[]) {
  // `script` gives it a pseudo-terminal, and its exit code back. Of no size, until it is told one.
  const child = spawn(
    "script",
    ["--quiet", "--return", "--command", `stty cols 120 rows 40; "${process.execPath}" "${CLI}" ${line}`, "/dev/null"],
    {
      cwd,
      env: { ...PLAIN_ENV, TERM: "xterm" },
    },
  );
  let screen = "";
  let from = 0;
  const left = [...answers];
  child.stdout.on("data", (data) => {
    screen += stripVTControlCharacters(String(data));
    const [next] = left;
    const at = next === undefined ? -1 : screen.indexOf(next[0], from);
    if (next === undefined || at < 0) return;
    left.shift();
    from = at + next[0].length;
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, screen, unasked: left.map(([question]) => question) };
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

  test("Ctrl-C ends it with 130, and nothing is written", async () => {
    const cwd = tempFolder();
    const { code, screen } = await onTerminal(cwd, "shop", [["What does the server offer?", CTRL_C]]);
    expect(code).toBe(130);
    expect(screen).toContain("Cancelled. Nothing was written.");
    expect(readdirSync(cwd)).toEqual([]);
  });
});

const TERMINALS = { stdin: { isTTY: true }, stdout: { isTTY: true } };

test.each([
  ["on terminals", {}, {}, TERMINALS, true],
  ["with CI=false", {}, { CI: "false" }, TERMINALS, true],
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
