import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, HARMLESS } from "../support/cli.ts";
import { EXAMPLES, policies, READERS } from "../support/policies.ts";

const EXPLAIN = ["policy", "explain", EXAMPLES];
const ALICE_READS = [...EXPLAIN, "--as", "alice", "--server", "filesystem", "--tool", "read_text_file"];

async function explained(args: readonly string[], input = ""): Promise<unknown> {
  const { code, out, err } = await cli([...args, "--json"], { input });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

test("an allow names its rules by file, line and text", async () => {
  const { code, out } = await cli([...ALICE_READS, "--args", "-"], { input: '{"path":"/work/a"}' });
  expect(out).toMatch(/^allow: alice may call read_text_file of filesystem\n/);
  expect(out).toContain(
    `${join(EXAMPLES, "roles.cedar")}:4: permit analysts-read\n    @id("analysts-read")\n    permit (`,
  );
  expect(out).toContain("listed: the caller sees it");
  expect(code).toBe(0);
});

test("a deny names the forbid, and what permits missed", async () => {
  const { code, out } = await cli([...ALICE_READS, "--args", "-"], { input: '{"path":"/work/../a"}' });
  expect(out).toMatch(/^deny: alice may not call/);
  expect(out).toContain("arguments.cedar:11: forbid no-parent-folders");
  expect(out).toContain(`permit operators-write\n    the caller is not in Role::"operator"`);
  expect(code).toBe(0);
});

test("--json has the same for scripts", async () => {
  expect(await explained([...ALICE_READS, "--args", "-"], '{"path":"/work/../a"}')).toMatchObject({
    decision: "deny",
    rule: "no-parent-folders",
    listed: true,
    hasScope: true,
    determining: [{ id: "no-parent-folders", effect: "forbid", line: 11, text: expect.stringContaining("forbid (") }],
    missed: expect.arrayContaining([expect.objectContaining({ id: "operators-write" })]),
  });
});

test("--at moves the clock, --step-up says which scope would do", async () => {
  const files = {
    "a.cedar": 'permit (principal, action in Action::"read", resource) when { context.time.hour < 12 };',
    "principals.json":
      '{"eve":{"issuer":"i","subject":"eve","scopes":[],"roles":[]},"ada":{"issuer":"i","subject":"a","scopes":["files:read"],"roles":[]}}',
  };
  const tool = ["policy", "explain", policies(files), "--tool", "read_text_file"];
  const at = (time: string) => explained([...tool, "--as", "ada", "--at", time]);
  expect(await at("2026-01-05T11:59:59Z")).toMatchObject({ decision: "allow" });
  expect(await at("2026-01-05T12:00:00Z")).toMatchObject({ decision: "deny" });
  expect(await at("2026-01-05T12:30:00+02:00")).toMatchObject({ decision: "allow" });
  const eve = [...tool, "--as", "eve", "--at", "2026-01-05T11:00:00Z"];
  expect(await explained(eve)).toMatchObject({ decision: "deny", listed: false, hasScope: false, missingScopes: [] });
  expect(await explained([...eve, "--step-up", "files:read"])).toMatchObject({
    decision: "deny",
    listed: true,
    missingScopes: ["files:read"],
  });
});

test("role:NAME is a caller with that role and every scope", async () => {
  const tool = ["policy", "explain", policies({ "a.cedar": READERS }), "--tool", "read_text_file"];
  expect(await explained([...tool, "--as", "role:reader"])).toMatchObject({ decision: "allow", rule: "readers" });
  const { code, err } = await cli([...tool, "--as", "role:raeder"]);
  expect(err).toContain("did you mean reader?");
  expect(code).toBe(64);
});

test("names and rules cannot write to the terminal", async () => {
  const dir = policies({
    "a.cedar": 'permit (principal, action in Action::"read", resource)\n\twhen { principal.subject != "caf\u00e9" };',
    "principals.json": '{"e\\u001b[2J\\u202e":{"issuer":"i","subject":"eve","scopes":["files:read"],"roles":[]}}',
  });
  const explain = (as: string, ...more: string[]) =>
    cli(["policy", "explain", dir, "--as", as, "--tool", "read_text_file", ...more]);
  for (const more of [[], ["--json"]]) {
    const { code, out } = await explain("e\u001b[2J\u202e", ...more);
    expect(out).toMatch(HARMLESS);
    expect(out).toContain("e\\u");
    expect(code).toBe(0);
  }
  const { code, err } = await explain("f\u001b[2J");
  expect(err).toMatch(HARMLESS);
  expect(code).toBe(64);
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["a key twice", '{"path":"/work/a","path":"/work/../a"}'],
  ["a key twice, deep", '{"a":[{"b":1,"b":2}]}'],
  ["a key twice, one of them written otherwise", '{"path":"/a","\\u0070ath":"/b"}'],
  ["nothing", ""],
])("arguments with %s are refused, not guessed", async (_, input) => {
  const { code, out, err } = await cli([...ALICE_READS, "--args", "-"], { input });
  expect(err).toContain("--args is no JSON object, or has a key twice");
  expect({ code, out }).toEqual({ code: 64, out: "" });
});

test("policies that cannot be used end with 78, by file and line", async () => {
  const dir = policies({ "bad.cedar": "\npermit (principal, action, resource" });
  const { code, err } = await cli(["policy", "explain", dir, "--as", "a", "--tool", "b"]);
  expect(err).toMatch(new RegExp(`${join(dir, "bad.cedar")}:2: error`));
  expect(code).toBe(78);
});

test.each([
  [["--tool", "query", "--server", "database"], "--as is needed"],
  [["--as", "alice"], "--tool is needed"],
  [["--as", "alise", "--tool", "query", "--server", "database"], 'Did you mean "alice"?'],
  [["--as", "alice", "--tool", "qeury", "--server", "database"], 'Did you mean "query"?'],
  [["--as", "alice", "--tool", "query", "--server", "datbase"], "database"],
  [["--as", "alice", "--tool", "query"], "--server is needed: "],
  [["--as", "alice", "--tool", "query", "--server", "database", "--method", "tool/call"], "did you mean tools/call?"],
  [["--as", "alice", "--tool", "query", "--server", "database", "--at", "2026-01-01"], "with its offset"],
  [["--as", "alice", "--tol", "query"], "did you mean --tool?"],
])("policy explain %j is a usage error that helps", async (args, message) => {
  const { code, out, err } = await cli([...EXPLAIN, ...args]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 64, out: "" });
});
