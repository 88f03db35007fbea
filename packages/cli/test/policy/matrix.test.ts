import { expect, test } from "vitest";
import { cli, HARMLESS } from "../support/cli.ts";
import { EXAMPLES, policies, READERS } from "../support/policies.ts";

const MATRIX = ["policy", "matrix", EXAMPLES];

test("prints every caller by every tool", async () => {
  const { code, out } = await cli(MATRIX);
  const [head = "", ...rows] = out.trimEnd().split("\n");
  expect(head.split(/\s+/)).toEqual(["server", "operation", "effect", "scope", "alice", "bob", "nightly"]);
  expect(new Set(rows.map((row) => row.split(/\s+/)[0]))).toEqual(new Set(["database", "filesystem", "http-api"]));
  expect(code).toBe(0);
});

test.each([
  ["csv", "server,operation,effect,scope,alice,bob,nightly\r\n"],
  ["markdown", "| server | operation | effect | scope | alice | bob | nightly |\n"],
  ["table", "server "],
])("as %s", async (format, start) => {
  const { code, out } = await cli([...MATRIX, "--format", format]);
  expect(out.startsWith(start)).toBe(true);
  expect(code).toBe(0);
});

test("of one server, for the roles that policies name, as JSON", async () => {
  const dir = policies({ "a.cedar": READERS });
  const { out } = await cli(["policy", "matrix", dir, "--server", "filesystem", "--json"]);
  const { columns, rows } = JSON.parse(out);
  expect(columns).toEqual(["role reader", "no role"]);
  const row = rows.find(({ name }: { name: string }) => name === "read_text_file");
  expect(row.cells).toMatchObject([{ outcome: "allow" }, { outcome: "not-listed" }]);
});

test("--step-up brings into sight what is a scope away", async () => {
  const principals = '{"eve":{"issuer":"i","subject":"eve","scopes":[],"roles":["reader"]}}';
  const dir = policies({ "a.cedar": READERS, "principals.json": principals });
  const outcome = async (...more: string[]) =>
    JSON.parse((await cli(["policy", "matrix", dir, "--json", ...more])).out).rows[0].cells[0].outcome;
  expect(await outcome()).toBe("not-listed");
  expect(await outcome("--step-up", "files:read")).toBe("deny");
});

test("a caller's name cannot write to the terminal", async () => {
  const principals = '{"e\\u001b[2J\\u202e\\u009b":{"issuer":"i","subject":"eve","scopes":[],"roles":[]}}';
  const dir = policies({ "a.cedar": READERS, "principals.json": principals });
  for (const format of ["table", "markdown"]) {
    const { out } = await cli(["policy", "matrix", dir, "--format", format]);
    expect(out.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  }
  expect((await cli(["policy", "matrix", dir, "--json"])).out).toMatch(HARMLESS);
});

test.each([
  [["--format", "markdwon"], "did you mean markdown?"],
  [["--format", "csv", "--json"], "--json is a format of its own"],
  [["--server", "databse"], 'Did you mean "database"?'],
  [["--formt", "csv"], "did you mean --format?"],
])("policy matrix %j is a usage error that helps", async (args, message) => {
  const { code, out, err } = await cli([...MATRIX, ...args]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 64, out: "" });
});
