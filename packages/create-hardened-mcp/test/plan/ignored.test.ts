import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withIgnored } from "../../src/plan/ignored.ts";
import { PLAIN_ENV, tempFolder } from "../support/cli.ts";

const MUST = ["node_modules/zod/index.js", "dist/cli.js", "secrets/state.key"];

describe("whatever the .gitignore of a template says, git ignores what must never be committed:", () => {
  test.each([
    ["nothing", undefined],
    ["something else", "*.log\n"],
    ["something else, without a line end", "*.log"],
    ["that it is not ignored", "secrets/\n!secrets/\n!dist/\n"],
    ["that it is not ignored, in another way", "node_modules/\ndist/\nsecrets/\n!*/\n"],
    ["it as a comment", "# secrets/\n#dist/\n"],
    ["it all already", "node_modules/\ndist/\nsecrets/\n"],
  ])("%s", (_, text) => {
    const dir = tempFolder();
    const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env: PLAIN_ENV, encoding: "utf8" });
    git("init", "--quiet");
    const { path, data } = withIgnored(text === undefined ? undefined : { path: ".gitignore", data: text });
    writeFileSync(join(dir, path), data);
    for (const file of MUST) {
      mkdirSync(join(dir, file, ".."), { recursive: true });
      writeFileSync(join(dir, file), "");
    }
    expect(
      git("check-ignore", ...MUST)
        .trim()
        .split("\n"),
    ).toEqual(MUST);
    expect(git("ls-files", "--others", "--exclude-standard").trim()).toBe(".gitignore");
  });
});

test("one that has it all stays as it is", () => {
  const data = "node_modules/\ndist/\nsecrets/\n*.log\n";
  expect(withIgnored({ path: ".gitignore", data }).data).toBe(data);
});
