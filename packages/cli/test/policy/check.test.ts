import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, HARMLESS } from "../support/cli.ts";
import { MANIFEST, policies, READERS } from "../support/policies.ts";
import { folder } from "../support/stores.ts";

const UNKNOWN_TOOL = 'permit (principal, action == filesystem::Action::"read_text_fil", resource);';
const EVERYTHING = "permit (principal, action, resource);";

test("sound policies: nothing found, exit 0", async () => {
  const dir = policies({ "readers.cedar": READERS });
  expect(await cli(["policy", "check", dir])).toEqual({ code: 0, out: "nothing found\n", err: "" });
});

test("an error: the line an editor opens, the nearest name, exit 1", async () => {
  const dir = policies({ "typo.cedar": `\n\n${UNKNOWN_TOOL}\n` });
  const { code, out } = await cli(["policy", "check", dir]);
  expect(out).toMatch(new RegExp(`^${join(dir, "typo.cedar")}:3: error [a-z-]+: .*read_text_file`));
  expect(code).toBe(1);
});

test("warnings: exit 0, with --strict 1", async () => {
  const dir = policies({ "wide.cedar": EVERYTHING });
  const plain = await cli(["policy", "check", dir]);
  expect(plain.out).toContain("wide.cedar:1: warning permits-everything:");
  expect(plain.code).toBe(0);
  expect((await cli(["policy", "check", dir, "--strict"])).code).toBe(1);
});

test("--json counts and lists", async () => {
  const dir = policies({ "typo.cedar": UNKNOWN_TOOL });
  const { code, out } = await cli(["policy", "check", dir, "--json"]);
  expect(JSON.parse(out)).toMatchObject({
    errors: 1,
    warnings: 0,
    findings: [{ severity: "error", file: join(dir, "typo.cedar"), line: 1, message: expect.any(String) }],
  });
  expect(code).toBe(1);
});

test("a file takes its manifest from --manifest, and without one is in error", async () => {
  const file = join(folder(), "readers.cedar");
  writeFileSync(file, `${READERS}permit (principal, action == filesystem::Action::"read_text_file", resource);`);
  expect((await cli(["policy", "check", file, "--manifest", MANIFEST])).code).toBe(0);
  expect((await cli(["policy", "check", file])).code).toBe(1);
});

test("takes the manifest that a server prints", async () => {
  const server = join(import.meta.dirname, "../../../../servers/filesystem/dist/cli.js");
  const printed = spawnSync(process.execPath, [server, "--print-manifest"], { encoding: "utf8" });
  const dir = folder();
  writeFileSync(join(dir, "filesystem.manifest.json"), printed.stdout);
  writeFileSync(join(dir, "readers.cedar"), READERS);
  expect(await cli(["policy", "check", dir])).toMatchObject({ code: 0, out: "nothing found\n" });
});

test("a folder that is not there, or holds no policy, is an error and no clean bill", async () => {
  expect((await cli(["policy", "check", "/nowhere/at/all"])).code).toBe(1);
  expect((await cli(["policy", "check", policies({})])).code).toBe(1);
});

test("names and rules cannot write to the terminal", async () => {
  const dir = policies({
    "x\u001b[2J\u202e.cedar":
      'permit (principal in Role::"\u009b2J", action == filesystem::Action::"\u001b[2J", resource);',
  });
  for (const more of [[], ["--json"]]) {
    const { code, out } = await cli(["policy", "check", dir, ...more]);
    expect(out).toMatch(HARMLESS);
    expect(code).toBe(1);
  }
});

test.each([
  ["that is not there", "/nowhere.json", "cannot be read (ENOENT)"],
  ["that never ends", "/dev/zero", "is larger than"],
])("a manifest %s ends with 78", async (_, file, message) => {
  const { code, err } = await cli(["policy", "check", policies({ "a.cedar": READERS }), "--manifest", file]);
  expect(err).toContain(message);
  expect(code).toBe(78);
});

test.each([
  ["no JSON", "{", "no JSON object"],
  ["a key twice", '{"server":"a","server":"b","operations":[]}', "has a key twice"],
  ["a typo in a key", '{"server":"a","operation":[]}', "operations"],
])("a manifest with %s ends with 78", async (_, text, message) => {
  const { code, err } = await cli(["policy", "check", policies({ "a.cedar": READERS }), "--manifest", "-"], {
    input: text,
  });
  expect(err).toContain(message);
  expect(code).toBe(78);
});

test.each([
  [["policy", "check"], "name one policy file or folder"],
  [["policy", "check", "a", "b"], "name one policy file or folder"],
  [["policy", "check", "a", "--strikt"], "did you mean --strict?"],
  [["policy", "check", "a", "--manifst", "x"], "did you mean --manifest?"],
  [["policy", "chek", "a"], "did you mean policy check?"],
])("%j is a usage error", async (args, message) => {
  const { code, err } = await cli(args);
  expect(err).toContain(message);
  expect(code).toBe(64);
});
