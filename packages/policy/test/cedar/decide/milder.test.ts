import { describe, expect, it } from "vitest";
import { policyMatrix } from "../../../src/cedar/analysis/matrix.ts";
import { createCedarPolicy } from "../../../src/cedar/decide/cedar-policy.ts";
import type { ServerManifest } from "../../../src/manifest/manifest.ts";
import { parseManifest } from "../../../src/manifest/parse-manifest.ts";
import { strictObject } from "../../support/manifests.ts";
import { load, person } from "../../support/policies.ts";

/** A tool of which the server finds out, call by call, whether it adds or destroys. */
const manifest: ServerManifest = {
  server: "database",
  operations: [
    {
      method: "tools/call",
      name: "execute",
      effect: "destroy",
      scope: "database:write",
      needsApproval: true,
      milder: [{ effect: "write", needsApproval: false }],
      inputSchema: strictObject({ sql: { type: "string" } }, ["sql"]),
    },
  ],
};
const target = { method: "tools/call", name: "execute", scope: "database:write" };
const write = { ...target, effect: "write", needsApproval: false } as const;
const destroy = { ...target, effect: "destroy", needsApproval: true } as const;
const alice = person("alice", { scopes: new Set(["database:write"]) });

/** What becomes of a call that writes, and of one that destroys. */
function outcomes(text: string): readonly string[] {
  const policy = createCedarPolicy({ policies: load(text, [manifest]), server: "database" });
  return [write, destroy].map((one) => {
    const { effect } = policy.decide(alice, one, { sql: "x" });
    expect(policy.visible(alice, one)).toBe(effect !== "deny");
    return effect;
  });
}

describe("an operation whose calls may turn out to be milder", () => {
  it.each([
    ["permits what only adds", `permit(principal, action in Action::"write", resource);`, ["allow", "deny"]],
    ["permits what destroys", `permit(principal, action in Action::"destroy", resource);`, ["deny", "approve"]],
    ["names the tool", `permit(principal, action == database::Action::"execute", resource);`, ["allow", "approve"]],
    ["permits all", "permit(principal, action, resource);", ["allow", "approve"]],
    [
      "forbids what destroys",
      `permit(principal, action, resource);\nforbid(principal, action in Action::"destroy", resource);`,
      ["allow", "deny"],
    ],
    [
      "forbids the tool",
      `permit(principal, action, resource);\nforbid(principal, action == database::Action::"execute", resource);`,
      ["deny", "deny"],
    ],
    ["permits reads", `permit(principal, action in Action::"read", resource);`, ["deny", "deny"]],
  ])("is told apart by a rule that %s", (_, text, expected) => expect(outcomes(text)).toEqual(expected));

  it("is nothing to a policy that has not heard of the effect", () => {
    const policy = createCedarPolicy({
      policies: load("permit(principal, action, resource);", [manifest]),
      server: "database",
    });
    expect(policy.decide(alice, { ...target, effect: "read", needsApproval: false }, { sql: "x" })).toMatchObject({
      effect: "deny",
      rule: "builtin/not-in-manifest",
    });
    expect(policy.decide(alice, { ...write, needsApproval: true }, { sql: "x" })).toMatchObject({ effect: "deny" });
  });

  it("has a row of the matrix for each", () => {
    const policies = load(`permit(principal, action in Action::"write", resource);`, [manifest]);
    const { rows } = policyMatrix({ policies, callers: new Map([["alice", alice]]) });
    expect(rows.map(({ effect, cells }) => [effect, cells[0]?.outcome])).toEqual([
      ["destroy", "not-listed"],
      ["write", "allow"],
    ]);
  });

  it("survives being printed and read", () => {
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  it.each([
    ["what is no milder", [{ effect: "destroy", needsApproval: true }], "not milder"],
    ["what compares with nothing", [{ effect: "external", needsApproval: true }], "not milder"],
    [
      "one twice",
      [
        { effect: "write", needsApproval: false },
        { effect: "write", needsApproval: true },
      ],
      "twice",
    ],
    ["one that says nothing of approval", [{ effect: "write" }], "needsApproval"],
    ["what is no list", { effect: "write" }, "list"],
  ])("is no manifest with %s", (_, milder, message) => {
    const json = { ...manifest, operations: [{ ...manifest.operations[0], milder }] };
    expect(() => parseManifest(json)).toThrow(message);
  });
});
