import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { cli, HARMLESS } from "./support/cli.ts";
import { folder } from "./support/stores.ts";

/** Packages loaded from outside this one, as Node resolves them. */
async function loadedBy(...args: string[]): Promise<readonly string[]> {
  const watch = join(folder(), "watch.mjs");
  writeFileSync(
    watch,
    `import { registerHooks } from "node:module";
     registerHooks({ resolve: (name, context, next) => {
       if (/^[^./:]*[/\\w-]*$/.test(name)) process.stderr.write("loaded " + name + "\\n");
       return next(name, context);
     } });`,
  );
  const { err } = await cli(args, { node: ["--import", watch] });
  return err.split("\n").flatMap((line) => (line.startsWith("loaded ") ? [line.slice(7)] : []));
}

test.each([
  ["--help", "none", /^(?:@|zod|jose|pg|ioredis|better)/],
  ["switches set --help", "no engine and no driver", /cedar|^(?:jose|pg|ioredis|better)/],
  ["api-key create --subject a --scope b", "no engine and no driver", /cedar|^(?:pg|ioredis|better)/],
  ["policy check /nowhere", "no driver", /^(?:pg|ioredis|better)/],
])("%s loads %s", async (line, _, unwanted) => {
  const loaded = await loadedBy(...line.split(" "));
  expect(loaded.filter((name) => unwanted.test(name))).toEqual([]);
});

test("what is watched for is seen when it is loaded", async () => {
  expect((await loadedBy("policy", "check", "/nowhere")).join(" ")).toContain("cedar");
});

test.each(commands.map(({ name }) => name))("%s --help says what its exit codes or outputs are", async (name) => {
  const { code, out, err } = await cli([...name.split(" "), "--help"]);
  expect(out.startsWith(`usage: hardened-mcp ${name} `)).toBe(true);
  expect(out.split("\n").length).toBeGreaterThan(8);
  expect(
    out
      .split("\n")
      .slice(2)
      .every((row) => row.length <= 120),
  ).toBe(true);
  expect(out).toMatch(HARMLESS);
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test.each(commands.map(({ name }) => name))("%s documents every flag it takes", async (name) => {
  const row = commands.find((one) => one.name === name);
  const command = await row?.load();
  const text = `${row?.usage} ${command?.help}`;
  expect(Object.keys(command?.options ?? {}).filter((flag) => !text.includes(`--${flag}`))).toEqual([]);
});
