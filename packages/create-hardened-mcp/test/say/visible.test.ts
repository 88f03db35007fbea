import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shellWord } from "../../src/say/shell-word.ts";
import { visible, visibleJson } from "../../src/say/visible.ts";
import { CLI, cli, FILES_ONLY, tempFolder } from "../support/cli.ts";

/** Clears the screen, returns to the start of the line, forges a line, turns text around, is C1's escape. */
const NASTY = "a\u001b[2J\rb\ncreate-hardened-mcp: fine\u202e\u009b7m'\\";
/** All that a terminal would act upon, but for the ends of our own lines. */
const ACTED_UPON = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

test("a text is shown with what is not seen spelt out", () => {
  expect(visible("\u001b[2Jä\u202e服\n\ud800")).toBe("\\u{1b}[2Jä\\u{202e}服\\u{a}\\u{d800}");
});

const TEXTS = fc.string({ unit: "binary" });

test("whatever a text holds, nothing of it is acted upon, and JSON of it says the same", () => {
  fc.assert(
    fc.property(TEXTS, (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(visibleJson({ text })).not.toMatch(ACTED_UPON);
      expect(JSON.parse(visibleJson({ text }))).toEqual({ text });
    }),
  );
});

test("a word for the shell is that word again when a shell has read it", () => {
  const words = [NASTY, "\u001b1", "\u202e", "it's \u0007", "\\\u0001\\", "-\u007f", "$(id)\t`id`", "~/x", "a\u00ad"];
  for (const word of words) expect(shellWord(word)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}`).join("\n");
  const read = execFileSync("bash", ["-c", script], { encoding: "utf8" });
  expect(read.split("\0").slice(0, -1)).toEqual(words);
});

describe("below a folder that somebody named to deceive", () => {
  const nasty = () => {
    const parent = join(tempFolder(), NASTY);
    mkdirSync(parent);
    return parent;
  };

  test.each([
    ["a project is made", [...FILES_ONLY, "--transport", "http"], 0],
    ["files are listed", [...FILES_ONLY, "--dry-run"], 0],
    ["a program is answered", [...FILES_ONLY, "--json"], 0],
    ["a project is refused", [...FILES_ONLY, "--vendor", "."], 64],
    ["an installation fails", ["--yes", "--no-git", "--pm", "bun"], 69],
  ] as const)("%s, and no control character is printed", async (_, flags, exit) => {
    const cwd = nasty();
    const { code, out, err } = await cli(["x", ...flags], { cwd });
    expect(code, err).toBe(exit);
    expect(out + err).not.toMatch(ACTED_UPON);
    expect((out + err).split("\n").filter((line) => line.startsWith("create-hardened-mcp: fine"))).toEqual([]);
  });

  test("the lines at the end can be pasted", async () => {
    const cwd = nasty();
    const { out } = await cli(["x", ...FILES_ONLY, "--transport", "http"], { cwd });
    const [, header] = /--header (".*")$/m.exec(out) ?? [];
    const read = execFileSync("bash", ["-c", `printf %s ${header}`], { encoding: "utf8" });
    expect(read).toMatch(/^Authorization: Bearer hmcp_\S{20,}$/);
  });
});

test.each([
  ["a\u001bb", "a\\u{1b}b"],
  ["a\nb", "a\\u{a}b"],
  ["gpj\u202e", "gpj\\u{202e}"],
])("a folder is not given the name %j, whatever the project is called", async (dir, shown) => {
  const cwd = tempFolder();
  const { code, err } = await cli([dir, ...FILES_ONLY, "--name", "shop"], { cwd });
  expect({ code, err }).toEqual({
    code: 64,
    err: expect.stringContaining(`${shown} has a character that is not seen`),
  });
  expect(readdirSync(cwd)).toEqual([]);
});

test("in a folder whose name is no UTF-8 nothing is made elsewhere", async () => {
  const cwd = tempFolder();
  const command = ["bash", "-c", `mkdir $'\\377' && cd $'\\377' && exec "$0" "$@"`, process.execPath, CLI] as const;
  const { code, err } = await cli(["x", ...FILES_ONLY], { cwd, command });
  expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining("is no UTF-8") });
  expect(readdirSync(cwd, { encoding: "buffer" })).toEqual([Buffer.from([0xff])]);
});
