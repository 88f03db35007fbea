import { describe, expect, it } from "vitest";
import { checkPolicies, lintPolicies } from "../../../src/cedar/analysis/check-policies.ts";
import { explainDecision } from "../../../src/cedar/analysis/explain-decision.ts";
import { policyMatrix } from "../../../src/cedar/analysis/matrix.ts";
import { renderMatrix } from "../../../src/cedar/analysis/render-matrix.ts";
import { FILES, MANIFESTS } from "../../support/manifests.ts";
import { inFolder, load, person, read } from "../../support/policies.ts";

const READ = `action in Action::"read"`;
const DELETE = `action == filesystem::Action::"delete_file"`;
const ROLE = `principal in Role::"r"`;

/** Policies, and the code and policy id of each finding besides those of other lines. */
const LINTS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "everything for everyone",
    "permit(principal, action, resource);",
    ["permits-everything", "any-action", "everyone-may-change"],
  ],
  ["any action for a role", `permit(${ROLE}, action, resource);`, ["any-action"]],
  [
    "any action for everyone under a condition on arguments",
    `permit(principal, action, resource) when { context.args has path };`,
    ["any-action", "everyone-may-change"],
  ],
  [
    "writes by everyone",
    `permit(principal, action in [Action::"read", Action::"write"], resource);`,
    ["everyone-may-change"],
  ],
  ["reads by everyone", `permit(principal, ${READ}, resource);`, []],
  [
    "writes by whom a condition names",
    `permit(principal, action in Action::"write", resource) when { principal.assurance == "bound-token" };`,
    [],
  ],
  [
    "a waiver for any arguments",
    `@approval("none") permit(${ROLE}, ${DELETE}, resource);`,
    ["waived-for-any-arguments"],
  ],
  [
    "a waiver for some arguments",
    `@approval("none") permit(${ROLE}, ${DELETE}, resource) when { context.args.path == "/tmp/x" };`,
    [],
  ],
  ["a waiver of nothing", `@approval("none") permit(${ROLE}, ${READ}, resource);`, ["waiver-without-use"]],
  [
    "a waiver beside a permit without one",
    `permit(${ROLE}, action in Action::"destroy", resource);
     @id("w") @approval("none") permit(${ROLE}, ${DELETE}, resource) when { context.args.path == "/tmp/x" };`,
    ["w waiver-without-effect"],
  ],
  ["a condition that is never true", `permit(${ROLE}, ${READ}, resource) when { false };`, ["unreachable"]],
  ["a contradiction of types", `permit(${ROLE}, ${READ}, resource) when { principal is Role };`, ["unreachable"]],
  ["a tool of another server", `permit(${ROLE}, ${DELETE}, resource == Server::"database");`, ["covers-nothing"]],
  [
    "a permit below a forbid",
    `@id("f") forbid(principal, action in Action::"destroy", resource);
     @id("p") permit(${ROLE}, ${DELETE}, resource) when { context.args.path == "/x" };`,
    ["p shadowed"],
  ],
  [
    "a permit below a forbid for others",
    `forbid(principal in Role::"other", action in Action::"destroy", resource); permit(${ROLE}, ${DELETE}, resource);`.replace(
      "; permit",
      ";\npermit",
    ),
    [],
  ],
  [
    "a permit below a conditional forbid",
    `forbid(principal, ${DELETE}, resource) when { context.time.hour > 20 };
     permit(${ROLE}, ${DELETE}, resource);`,
    [],
  ],
  [
    "the same twice",
    `@id("a") permit(${ROLE}, ${READ}, resource);
     @id("b") permit(${ROLE}, ${READ}, resource);`,
    ["b duplicate"],
  ],
  [
    "a permit within another",
    `@id("a") permit(${ROLE}, ${READ}, resource);
     @id("b") permit(${ROLE}, action == filesystem::Action::"read_text_file", resource) when { context.args.path == "/x" };`,
    ["b adds-nothing"],
  ],
  [
    "a forbid within another",
    `@id("a") forbid(principal, ${READ}, resource);
     @id("b") forbid(${ROLE}, ${READ}, resource) when { context.args has path };`,
    ["b adds-nothing"],
  ],
  [
    "a permit within another that asks a human",
    `permit(${ROLE}, ${READ}, resource);
     @approval("required") permit(${ROLE}, ${READ}, resource == Server::"database");`,
    [],
  ],
  [
    "the beginning of a path",
    `permit(${ROLE}, ${DELETE}, resource) when { context.args.path like "/work/*" };`,
    ["path-with-dots"],
  ],
  [
    "the beginning of a path without dots",
    `permit(${ROLE}, ${DELETE}, resource) when { context.args.path like "/work/*" && !(context.args.path like "*..*") };`,
    [],
  ],
  [
    "the beginning of a path, dots forbidden elsewhere",
    `permit(${ROLE}, ${DELETE}, resource) when { context.args.path like "/work/*" };
     forbid(principal, action, resource) when { context.args has path && context.args.path like "*..*" };`,
    [],
  ],
  [
    "a path that is forbidden by its text",
    `forbid(principal, ${DELETE}, resource) when { context.args.path like "*/private/*" };`,
    ["path-with-dots"],
  ],
  [
    "a path that is forbidden as a whole",
    `forbid(principal, ${DELETE}, resource) when { context.args.path == "/work/private" };`,
    ["path-with-dots"],
  ],
  [
    "a path that is forbidden as one of several",
    `forbid(principal, ${DELETE}, resource) when { ["/a", "/b"].contains(context.args.path) };`,
    ["path-with-dots"],
  ],
  [
    "a list of paths that is forbidden for one in it",
    `forbid(principal, action == filesystem::Action::"read_multiple_files", resource) when { context.args.paths.contains("/a") };`,
    ["path-with-dots"],
  ],
  [
    "a way of spelling that is forbidden",
    `forbid(principal, ${DELETE}, resource) when { context.args.path like "*..*" };`,
    [],
  ],
  [
    "a resource that is forbidden by its text",
    `forbid(principal, action == filesystem::Action::"resource/log", resource) when { context.args.uri like "*/private/*" };`,
    ["path-with-dots"],
  ],
  [
    "a resource by the beginning of its URI, which has one spelling",
    `permit(${ROLE}, action == filesystem::Action::"resource/log", resource) when { context.args.uri like "file:///work/*" };`,
    [],
  ],
  [
    "a value that is forbidden and is no place",
    `forbid(principal, action == database::Action::"update", resource) when { context.args.table == "salaries" };`,
    [],
  ],
];

describe("the lint", () => {
  it.each(LINTS)("of %s", (_, text, expected) => {
    const { policies, findings } = read(text);
    const all = [...findings, ...(policies === undefined ? [] : lintPolicies(policies))];
    const named = all.map(({ code, policy }) => (policy?.includes(":") === true ? code : `${policy} ${code}`));
    expect(named).toEqual(expected);
  });

  it("names roles and tenants that nobody has, where callers are known", () => {
    const text = `permit(principal in Role::"analist", action in Action::"read", resource);
permit(principal, action in Action::"read", resource) when { principal in Tenant::"acme" };`;
    const callers = JSON.stringify({
      a: { issuer: "i", subject: "s", tenant: "acme", scopes: [], roles: ["analyst"] },
    });
    const lint = (more: Readonly<Record<string, string>>) =>
      inFolder({ "policy.cedar": text, ...more }, (folder) => checkPolicies(folder, { manifests: MANIFESTS })).filter(
        ({ code }) => code.startsWith("unknown"),
      );
    expect(lint({})).toEqual([]);
    expect(lint({ "principals.json": callers })).toMatchObject([
      {
        line: 1,
        code: "unknown-role",
        message: `Nobody in principals.json has the role "analist". Did you mean "analyst"?`,
      },
    ]);
  });

  it("reports errors in the order of the file, and lints only what has none", () => {
    const text = `permit(principal, action, resource);\npermit(principal, action == filesystem::Action::"x", resource);`;
    const found = inFolder({ "policy.cedar": text }, (folder) => checkPolicies(folder, { manifests: MANIFESTS }));
    expect(found.map(({ severity, code }) => [severity, code])).toEqual([["error", "unknown-tool"]]);
  });
});

describe("an explanation", () => {
  const policies = load(`// rules
@id("work") permit(principal in Role::"a", action == filesystem::Action::"read_text_file", resource)
when { context.args.path like "/work/*" && context.time.hour > 30 };
@id("boss") permit(principal == Principal::"https://idp.example#boss", action, resource);
@id("dots") forbid(principal, action, resource) when { context.args has path && context.args.path like "*..*" };`);
  const explain = (subject: string, path: unknown, roles: readonly string[] = []) =>
    explainDecision({
      policies,
      server: "filesystem",
      as: person(subject, { roles }),
      name: "read_text_file",
      args: { path },
    });

  it("names the rules that decided, with file and line", () => {
    const { decision, determining, listed } = explain("boss", "/a/../b");
    expect(decision).toMatchObject({ effect: "deny", rule: "dots" });
    expect(determining.map(({ id, file, line }) => [id, file, line])).toEqual([["dots", "policy.cedar", 5]]);
    expect(determining[0]?.text).toMatch(/^@id\("dots"\) forbid/);
    expect(listed).toBe(true);
  });

  it("says what each permit missed", () => {
    const missed = (...given: Parameters<typeof explain>) =>
      explain(...given).missed.map(({ rule, because }) => [rule.id, because]);
    const notBoss = ["boss", `the caller is not == Principal::"https://idp.example#boss"`];
    expect(missed("bob", "/work/a")).toEqual([["work", `the caller is not in Role::"a"`], notBoss]);
    expect(missed("bob", "/etc", ["a"])).toEqual([
      ["work", `when { context.args.path like "/work/*" } does not hold`],
      notBoss,
    ]);
    expect(missed("bob", "/work/a", ["a"])[0]?.[1]).toMatch(/context.time.hour.*30.*does not hold$/s);
    expect(missed("boss", "/a").map(([id]) => id)).toEqual(["work"]);
  });

  it("is given for arguments that cannot be judged", () => {
    expect(explain("bob", 7, ["a"]).decision.rule).toBe("builtin/unfit-argument");
  });

  it("refuses names that are not there, with the nearest", () => {
    const named =
      read(`permit(principal, action in Action::"read", resource);`, {
        "principals.json": `{ "alice": { "issuer": "i", "subject": "s", "scopes": [], "roles": [] } }`,
      }).policies ?? policies;
    const ask = (as: string, name: string) =>
      explainDecision({ policies: named, server: "filesystem", as, name, args: {} });
    expect(() => ask("alise", "read_text_file")).toThrow(`Did you mean "alice"?`);
    expect(() => ask("alice", "read_txt_file")).toThrow(`Did you mean "read_text_file"?`);
    expect(() => explainDecision({ policies, server: "filesystem", as: "alice", name: "x", args: {} })).toThrow(
      "no principals.json",
    );
  });
});

describe("the matrix", () => {
  const policies = load(`
    permit(principal in Role::"=cmd|x", action in Action::"read", resource);
    permit(principal in Role::"b", action in [Action::"read", Action::"destroy"], resource) when { context.args has path && context.args.path == "/x" && context.time.hour > 3 };
    @approval("none") permit(principal in Role::"c", action in Action::"destroy", resource);
    forbid(principal in Role::"c", action == filesystem::Action::"delete_file", resource) when { context.args.path like "/etc*" };`);
  const matrix = policyMatrix({ policies, servers: ["filesystem"] });

  it("has a column for each role, and a row for each operation", () => {
    expect(matrix.columns).toEqual(["role =cmd|x", "role b", "role c", "no role"]);
    expect(matrix.rows.map(({ name }) => name)).toEqual(FILES.operations.map(({ name }) => name));
    const cells = (name: string) => matrix.rows.find((row) => row.name === name)?.cells.map(({ outcome }) => outcome);
    expect(cells("read_text_file")).toEqual(["allow", "depends", "not-listed", "not-listed"]);
    expect(cells("read_multiple_files")).toEqual(["allow", "not-listed", "not-listed", "not-listed"]);
    expect(cells("delete_file")).toEqual(["not-listed", "depends", "depends", "not-listed"]);
  });

  it("refuses a misspelt option, and a server that it does not know", () => {
    const misspelt = { policies, server: ["filesystem"] };
    expect(() => policyMatrix(misspelt)).toThrow(`Did you mean "servers"?`);
    expect(() => policyMatrix({ policies, servers: ["filesystm"] })).toThrow(`Did you mean "filesystem"?`);
  });

  it("says what an answer depends on, and whether a human is asked", () => {
    const row = matrix.rows.find(({ name }) => name === "delete_file");
    expect(row?.cells[1]).toEqual({ outcome: "depends", on: ["args.path", "time"], approval: "always" });
    expect(row?.cells[2]).toEqual({ outcome: "depends", on: ["args.path"], approval: "never" });
  });

  it("shows what a scope is missing for only where it can be asked for", () => {
    const callers = new Map([["r", person("r", { roles: ["b", "=cmd|x"], scopes: new Set<string>() })]]);
    const outcomes = (stepUp: readonly string[]) =>
      policyMatrix({ policies, callers, servers: ["filesystem"], stepUp }).rows.map(({ cells }) => cells[0]?.outcome);
    expect(new Set(outcomes([]))).toEqual(new Set(["not-listed"]));
    expect(outcomes(["files:read"])[0]).toBe("deny");
  });

  it("is the same as text for a terminal, a spreadsheet and a document", () => {
    const small = { columns: ["=1+1", " @x", 'a,"b"', "a|b\n\u001b[31m"], rows: [] };
    const row = { server: "s", method: "tools/call", name: "t", effect: "read", scope: "-x", cells: [] } as const;
    expect(renderMatrix({ ...small, rows: [row] }, "csv")).toBe(
      `server,operation,effect,scope,'=1+1,' @x,"a,""b""",a|b\uFFFD\uFFFD[31m\r\ns,t,read,'-x\r\n`,
    );
    expect(renderMatrix(small, "markdown")).toBe(
      `| server | operation | effect | scope | =1+1 |  @x | a,"b" | a\\|b\uFFFD\uFFFD\\[31m |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n`,
    );
    expect(renderMatrix(matrix, "table")).toMatchInlineSnapshot(`
      "server      operation                 effect   scope        role =cmd|x  role b                             role c               no role
      filesystem  read_text_file            read     files:read   allow        depends (args.path time)           not-listed           not-listed
      filesystem  read_multiple_files       read     files:read   allow        not-listed                         not-listed           not-listed
      filesystem  list_allowed_directories  read     files:read   allow        not-listed                         not-listed           not-listed
      filesystem  write_file                write    files:write  not-listed   not-listed                         not-listed           not-listed
      filesystem  delete_file               destroy  files:write  not-listed   depends (args.path time), approve  depends (args.path)  not-listed
      filesystem  prompt summary            read     files:read   allow        depends (args.path time)           not-listed           not-listed
      filesystem  resource log              read     files:read   allow        not-listed                         not-listed           not-listed
      "
    `);
  });
});
