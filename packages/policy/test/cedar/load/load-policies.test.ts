import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatFinding, PolicyError } from "../../../src/cedar/finding.ts";
import { loadPolicies, readPolicies } from "../../../src/cedar/load/load-policies.ts";
import { DATABASE, FILES, MANIFESTS } from "../../support/manifests.ts";
import { inFolder, load, read } from "../../support/policies.ts";

/** What is wrong with a policy that begins in line 2, as an operator reads it. */
const ERRORS: readonly (readonly [string, string, string])[] = [
  [
    "a tool with a typing error",
    `permit(principal, action == filesystem::Action::"read_txt_file", resource);`,
    `policy.cedar:2: error unknown-tool: filesystem has nothing named "read_txt_file". Did you mean "read_text_file"?`,
  ],
  [
    "a tool of another server",
    `permit(principal, action == filesystem::Action::"query", resource);`,
    `policy.cedar:2: error unknown-tool: filesystem has nothing named "query".`,
  ],
  [
    "a server without a manifest",
    `permit(principal, action == databse::Action::"query", resource);`,
    `policy.cedar:2: error unknown-server: There is no manifest of a server that policies call "databse". Did you mean "database"? Print one with the server's --print-manifest.`,
  ],
  [
    "a resource without a manifest",
    `forbid(principal, action, resource == Server::"file-system");`,
    `policy.cedar:2: error unknown-server: There is no manifest of a server "file-system". Did you mean "filesystem"?`,
  ],
  [
    "an effect with a typing error",
    `permit(principal, action in Action::"raed", resource);`,
    `policy.cedar:2: error unknown-effect: There is no effect "raed"; there are read, write, destroy, external. Did you mean "read"?`,
  ],
  [
    "a tool without its server",
    `permit(principal, action == Action::"query", resource);`,
    `policy.cedar:2: error unknown-effect: There is no effect "query"; there are read, write, destroy, external. Did you mean database::Action::"query"?`,
  ],
  [
    "an effect asked for as if it were a tool",
    `forbid(principal, action == Action::"destroy", resource);`,
    `policy.cedar:2: error group-as-tool: Action::"destroy" is every tool with that effect. Write: action in Action::"destroy".`,
  ],
  [
    "an unknown tool in a condition",
    `permit(principal, action, resource) when { action == filesystem::Action::"reed" };`,
    `policy.cedar:2: error unknown-tool: filesystem has nothing named "reed".`,
  ],
  [
    "an unknown argument",
    `permit(principal, action == filesystem::Action::"read_text_file", resource)\nwhen { context.args.pth == "/" };`,
    `policy.cedar:3: error unknown-argument: No tool that this rule covers has an argument "pth". Did you mean "path"?`,
  ],
  [
    "an unknown argument in a has, which would be false without a word",
    `forbid(principal, action, resource)\nwhen { context.args has pth && context.args.pth like "*secret*" };`,
    `policy.cedar:3: error unknown-argument: No tool that this rule covers has an argument "pth". Did you mean "path"?`,
  ],
  [
    "an unknown field of an argument",
    `forbid(principal, action == database::Action::"update", resource) when { context.args.filter has tenent };`,
    `policy.cedar:2: error unknown-argument: No tool that this rule covers has an argument "tenent". Did you mean "tenant"?`,
  ],
  [
    "an unknown attribute of the context",
    `forbid(principal, action, resource) when { context has tme };`,
    `policy.cedar:2: error unknown-argument: context has no attribute "tme". Did you mean "time"?`,
  ],
  [
    "an unknown attribute of the caller",
    `forbid(principal, action, resource) unless { principal has tennant };`,
    `policy.cedar:2: error unknown-argument: principal has no attribute "tennant". Did you mean "tenant"?`,
  ],
  [
    "an argument that Cedar has no type for",
    `forbid(principal, action == database::Action::"query", resource) when { context.args.ratio > 1 };`,
    `policy.cedar:2: error argument-not-expressible: No policy can look at "ratio": it may have a fraction, and Cedar counts in whole numbers. Let the tool itself bound it.`,
  ],
  [
    "a value that an argument never has",
    `forbid(principal, action == filesystem::Action::"read_text_file", resource) when { context.args has sort_by && context.args.sort_by == "nmae" };`,
    `policy.cedar:2: error unknown-value: "sort_by" is never "nmae"; it is one of name, size. Did you mean "name"?`,
  ],
  [
    "a day that is none",
    `forbid(principal, action, resource) when { ["saturday", "sonday"].contains(context.time.weekday) };`,
    `policy.cedar:2: error unknown-value: "weekday" is never "sonday"; it is one of monday, tuesday, wednesday, thursday, friday, saturday, sunday. Did you mean "monday"?`,
  ],
  [
    "an assurance that is none",
    `permit(principal, action, resource) when { principal.assurance == "bound_token" };`,
    `policy.cedar:2: error unknown-value: "assurance" is never "bound_token"; it is one of loopback, local, key, token, bound-token. Did you mean "bound-token"?`,
  ],
  [
    "a caller without an issuer",
    `permit(principal == Principal::"alice", action, resource);`,
    `policy.cedar:2: error principal-name: A caller is named by issuer and subject: Principal::"ISSUER#SUBJECT".`,
  ],
  [
    "an annotation with a typing error",
    `@aproval("required") permit(principal, action in Action::"read", resource);`,
    `policy.cedar:2: error annotation: There is no annotation "@aproval". Did you mean "@approval"?`,
  ],
  [
    "an approval that is none",
    `@approval("require") permit(principal, action in Action::"read", resource);`,
    `policy.cedar:2: error annotation: @approval is "none" (nobody is asked) or "required" (a human is). Did you mean "required"?`,
  ],
  [
    "an approval on a forbid",
    `@approval("required") forbid(principal, action in Action::"read", resource);`,
    `policy.cedar:2: error annotation: @approval says something on a permit only: a forbid asks nobody.`,
  ],
  [
    "an id that could pass for a rule of the engine",
    `@id("builtin/list") permit(principal, action in Action::"read", resource);`,
    `policy.cedar:2: error annotation: @id must be 1 to 64 letters, digits and any of "_.:-", beginning with a letter or digit.`,
  ],
];

/** What the engine itself says; its words are its own. */
const ENGINE_ERRORS: readonly (readonly [string, string, string])[] = [
  [
    "a comparison of unlike types",
    `permit(principal, action == filesystem::Action::"read_text_file", resource) when { context.args.path > 3 };`,
    "type",
  ],
  [
    "an optional argument used unasked",
    `permit(principal, action == filesystem::Action::"read_text_file", resource) when { context.args.head > 3 };`,
    "type",
  ],
  [
    "an argument that only some tools have",
    `permit(principal, action in Action::"read", resource) when { context.args.path == "/" };`,
    "type",
  ],
  ["an entity type that is none", `permit(principal, action, resource) when { principal in Group::"x" };`, "type"],
  ["text that is no Cedar", "permit(principal, action, resource) when { context.args.path == };", "syntax"],
  ["a policy without its end", "permit(principal, action, resource)", "syntax"],
  ["a template", "permit(principal == ?principal, action, resource);", "syntax"],
  ["an annotation twice", `@id("a") @id("b") permit(principal, action, resource);`, "syntax"],
  [
    "brackets without end",
    `permit(principal, action, resource) when { ${"(".repeat(5_000)}true${")".repeat(5_000)} };`,
    "too-large",
  ],
  [
    "a condition without end",
    `permit(principal, action, resource) when { true${" && true".repeat(20_000)} };`,
    "too-large",
  ],
];

describe("a policy file", () => {
  it.each(ERRORS)("is refused for %s", (_, policy, expected) => {
    expect(read(`// one line\n${policy}\n`).findings.map(formatFinding)).toEqual([expected]);
  });

  it.each(ENGINE_ERRORS)("is refused for %s", (_, policy, code) => {
    const { policies, findings } = read(`// one line\n\n${policy}\n`);
    expect(policies).toBeUndefined();
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.map((finding) => finding.code)).toEqual([code]);
    expect(errors[0]?.file).toBe("policy.cedar");
  });

  it.each([
    ["turned around", "\u202e"],
    ["of no width", "\u200b"],
    ["of another kind of line", "\u2028"],
    ["a carriage return alone, which hides what stands before it", "\r"],
    ["NUL", "\0"],
  ])("is refused for characters that hide something: %s", (_, character) => {
    const { findings } = read(`// one line\n// ${character} x\npermit(principal, action in Action::"read", resource);`);
    expect(findings.map(({ line, code }) => [line, code])).toEqual([[2, "hidden-character"]]);
  });

  it("may have line ends of Windows, and a byte order mark", () => {
    const { rules } = load(`\ufeff// one\r\npermit(principal, action in Action::"read", resource);\r\n`);
    expect(rules.map(({ line }) => line)).toEqual([2]);
  });

  it("tells everything that is wrong at once, by line", () => {
    const { findings } = read(`permit(principal, action == filesystem::Action::"x", resource);
permit(principal, action in Action::"read", resource);
permit(principal, action, resource) when { principal.subject > 3 };
@wrong("x") forbid(principal, action, resource);`);
    expect(findings.map(({ line, code }) => [line, code])).toEqual([
      [1, "unknown-tool"],
      [4, "annotation"],
      [3, "type"],
    ]);
  });

  it("finds the line behind text that is more bytes than characters", () => {
    const { findings } = read(
      `// äöü €\npermit(principal, action, resource) when { principal.issuer == "äöü €\n" &&\n principal.subject > 3 };`,
    );
    expect(findings.find(({ code }) => code === "type")?.line).toBe(4);
  });

  it("names each policy by its @id, else by file and line, whatever stands in comments and texts", () => {
    const { rules } = load(
      `// permit; forbid "
@id("first") permit(principal, action in Action::"read", resource) when { principal.subject == "a;\\"// b" }; permit(principal, action in Action::"write", resource);

/* */`.replace("/* */", `// last\n  forbid(principal in Role::"x", action, resource);`),
    );
    expect(rules.map(({ id, line, effect }) => [id, line, effect])).toEqual([
      ["first", 2, "permit"],
      ["policy.cedar:2", 2, "permit"],
      ["policy.cedar:5", 5, "forbid"],
    ]);
  });

  it("is refused where two policies have one name", () => {
    const one = `permit(principal, action in Action::"read", resource);`;
    for (const text of [`${one} ${one}`, `@id("a") ${one}\n@id("a") ${one}`]) {
      expect(read(text).findings.map(({ code }) => code)).toEqual(["id-twice"]);
    }
  });

  it("throws what it found, for the operator", () => {
    expect(() => load(`permit(principal, action == filesystem::Action::"x", resource);`)).toThrow(PolicyError);
    expect(() => load("permit(")).toThrow(/^The policies cannot be used:\npolicy\.cedar:1: error syntax: /);
  });

  it.each(["", "\n", "// nothing yet", "// permit (principal, action, resource);\n"])(
    "is refused without a policy in it: %j",
    (text) => {
      const codes = (more: Readonly<Record<string, string>>) =>
        read(text, more).findings.map(({ severity, file, code }) => [severity, file, code]);
      const expected = [["error", "policy.cedar", "no-policies"]];
      expect(codes({})).toEqual(expected);
      expect(codes({ "other.cedar": `permit(principal, action in Action::"read", resource);` })).toEqual(expected);
    },
  );
});

describe("a policy folder", () => {
  const rule = `permit(principal, action in Action::"read", resource);`;
  const codes = (files: Readonly<Record<string, string>>, manifests = [FILES]) =>
    inFolder(files, (folder) => readPolicies(folder, { manifests }).findings.map(({ code, file }) => [code, file]));

  it("takes the other servers' manifests from beside the policies", () => {
    const text = `permit(principal, action == database::Action::"query", resource);`;
    expect(codes({ "a.cedar": text })).toEqual([["unknown-server", "a.cedar"]]);
    expect(codes({ "a.cedar": text, "database.manifest.json": JSON.stringify(DATABASE) })).toEqual([]);
  });

  it("never believes a file about the server that asks", () => {
    const operations = FILES.operations.map((one) => ({ ...one, effect: "read" }));
    const files = { "a.cedar": rule, "old.manifest.json": JSON.stringify({ ...FILES, operations }) };
    expect(codes(files)).toEqual([["stale-manifest", "old.manifest.json"]]);
    const { vocabulary } = inFolder(files, (folder) => loadPolicies(folder, { manifests: [FILES] }));
    expect(vocabulary.actions.get("filesystem::Action")?.get("delete_file")?.operation.effect).toBe("destroy");
  });

  it.each([
    ["a misspelt ending", { "forbid.ceder": rule }, "unknown-file"],
    ["a backup", { "a.cedar~": rule }, "unknown-file"],
    ["a manifest that is none", { "x.manifest.json": "{}" }, "invalid-json"],
    ["a manifest that is no JSON", { "x.manifest.json": "{" }, "invalid-json"],
    [
      "unknown keys of a caller",
      { "principals.json": `{ "a": { "issuer": "i", "subject": "s", "scopes": [], "roles": [], "role": "x" } }` },
      "invalid-json",
    ],
    ["a file that is too large", { "b.cedar": `// ${"x".repeat(1_100_000)}` }, "too-large"],
    ["a server that Cedar cannot name", { "x.manifest.json": `{ "server": "if", "operations": [] }` }, "manifest"],
    [
      "servers that are one to Cedar",
      {
        "x.manifest.json": `{ "server": "a-b", "operations": [] }`,
        "y.manifest.json": `{ "server": "a_b", "operations": [] }`,
      },
      "manifest",
    ],
    [
      "two manifests of one server",
      { "x.manifest.json": JSON.stringify(DATABASE), "y.manifest.json": JSON.stringify(DATABASE) },
      "manifest",
    ],
  ])("is refused for %s", (_, files, code) => {
    expect(codes({ "a.cedar": rule, ...files }).map(([first]) => first)).toEqual([code]);
  });

  it("is refused without policies, and where it is not there", () => {
    expect(codes({ "README.md": "" }).map(([code]) => code)).toEqual(["no-policies"]);
    expect(readPolicies("/nowhere/policies", { manifests: [FILES] }).findings[0]).toMatchObject({ code: "unreadable" });
  });

  it("is refused for folders and pipes in it, and for text that is no UTF-8", () => {
    const files = { "a.cedar": rule };
    const found = inFolder(files, (folder) => {
      mkdirSync(join(folder, "more.cedar"));
      execFileSync("mkfifo", [join(folder, "pipe.cedar")]);
      writeFileSync(join(folder, "z.cedar"), Buffer.from([0x2f, 0x2f, 0xff]), { mode: 0o600 });
      return readPolicies(folder, { manifests: MANIFESTS }).findings;
    });
    expect(found.map(({ code, file }) => [code, file])).toEqual([
      ["unreadable", "more.cedar"],
      ["unreadable", "pipe.cedar"],
      ["unreadable", "z.cedar"],
    ]);
  });

  it("follows links, as mounted configuration needs", () => {
    const found = inFolder({ "README.md": rule }, (folder) => {
      symlinkSync("README.md", join(folder, "a.cedar"));
      return readPolicies(folder, { manifests: MANIFESTS });
    });
    expect(found.policies?.rules.length).toBe(1);
  });

  it.each([
    ["a file of it", 0o666, "a.cedar", ["error", "writable-by-all"]],
    ["what a file of it is a link to", 0o606, "README.md", ["error", "writable-by-all"]],
    ["the folder", 0o777, "", ["error", "writable-by-all"]],
    ["the folder, in which nobody may remove another's files", 0o1777, "", ["error", "writable-by-all"]],
    ["a manifest", 0o602, "database.manifest.json", ["error", "writable-by-all"]],
    ["a file, and a group may", 0o660, "a.cedar", ["warning", "writable-by-group"]],
    ["the folder, and a group may", 0o770, "", ["warning", "writable-by-group"]],
  ])("is not taken as it is where others may write to %s", (_, mode, name, expected) => {
    const files = {
      "a.cedar": rule,
      "README.md": rule.replace("read", "write"),
      "database.manifest.json": JSON.stringify(DATABASE),
    };
    const found = inFolder(files, (folder) => {
      symlinkSync("README.md", join(folder, "link.cedar"));
      chmodSync(join(folder, name), mode);
      return readPolicies(folder, { manifests: [FILES] });
    });
    expect(found.findings.map(({ severity, code }) => [severity, code])).toEqual([expected]);
    expect(found.policies === undefined).toBe(expected[0] === "error");
  });
});
