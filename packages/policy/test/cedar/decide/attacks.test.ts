import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { describe, expect, it } from "vitest";
import { createCedarPolicy } from "../../../src/cedar/decide/cedar-policy.ts";
import { load, person, policyOf, target } from "../../support/policies.ts";

const read = target("read_text_file");
const alice = person("alice");

const GUARDED = `
  permit(principal, action in Action::"read", resource);
  @id("no-secrets") forbid(principal, action, resource) when { context.args has path && context.args.path like "*secret*" };
`;

describe("arguments that a client forged", () => {
  it.each([
    ["a call of an extension function", { __extn: { fn: "decimal", arg: "1.0" } }],
    ["an entity", { __entity: { type: "Role", id: "admin" } }],
    ["an expression", { __expr: 'ip("127.0.0.1")' }],
    ["an unknown of partial evaluation", { __extn: { fn: "unknown", arg: "x" } }],
    ["a list", ["/secret"]],
    ["an object", { toString: "/secret" }],
    ["a number", 7],
    ["null", null],
    ["half a surrogate pair", "/secret\ud800"],
    ["a text without end", "/".repeat(1_000_000)],
  ])("cannot pass a forbid as %s", (_, path) => {
    const decision = policyOf(GUARDED).decide(alice, read, { path });
    expect(decision).toMatchObject({ effect: "deny", rule: "builtin/unfit-argument" });
  });

  it("would be allowed by the engine if they were passed on as they are", () => {
    const call = {
      principal: { type: "Principal", id: "alice" },
      action: { type: "filesystem::Action", id: "read_text_file" },
      resource: { type: "Server", id: "filesystem" },
      policies: { staticPolicies: GUARDED },
      entities: [
        {
          uid: { type: "filesystem::Action", id: "read_text_file" },
          attrs: {},
          parents: [{ type: "Action", id: "read" }],
        },
      ],
    };
    const forged = isAuthorized({ ...call, context: { args: { path: { __extn: { fn: "decimal", arg: "1.0" } } } } });
    expect(forged).toMatchObject({ type: "success", response: { decision: "allow" } });
  });

  it("never stand in the words of a refusal", () => {
    const decision = policyOf(GUARDED).decide(alice, read, { path: "marker\ud800" });
    expect(JSON.stringify(decision)).not.toContain("marker");
    expect(decision.message).toBe(
      'The policy of this server cannot judge the argument "path": no well-formed Unicode.',
    );
  });

  it("cannot hide behind a getter, nor come from a prototype", () => {
    const policy = policyOf(GUARDED);
    const getter = Object.defineProperty({}, "path", { get: () => "/open", enumerable: true });
    for (const args of [getter, Object.create({ path: "/open" }), undefined, null, "x", []]) {
      expect(policy.decide(alice, read, args)).toMatchObject({ effect: "deny", rule: "builtin/unfit-argument" });
    }
  });

  it("cannot fill the engine with values", () => {
    const policy = policyOf(`
      permit(principal, action == filesystem::Action::"read_multiple_files", resource)
        unless { context.args.paths.contains("/secret") };`);
    const paths = Array.from({ length: 100_000 }, (_, at) => `/${at}`);
    const decision = policy.decide(alice, target("read_multiple_files"), { paths });
    expect(decision.rule).toBe("builtin/unfit-argument");
  });
});

describe("a rule that cannot be evaluated", () => {
  const SPENDING = `
    permit(principal, action == database::Action::"send_report", resource);
    @id("budget") forbid(principal, action == database::Action::"send_report", resource)
      when { context.args.amount * context.args.price > 1000 };`;
  const pay = target("send_report");

  it("denies, though Cedar passes over it and allows", () => {
    const policy = createCedarPolicy({ policies: load(SPENDING), server: "database" });
    const args = (amount: number, price: number) => ({ to: "x", amount, price });
    expect(policy.decide(alice, pay, args(2, 3))).toMatchObject({ effect: "approve" });
    expect(policy.decide(alice, pay, args(200, 300))).toMatchObject({ effect: "deny", rule: "budget" });
    const overflow = policy.decide(alice, pay, args(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    expect(overflow).toMatchObject({ effect: "deny", rule: "error/budget" });
  });

  it("denies where it errs for everybody and whatever the arguments", () => {
    const policy = policyOf(`
      permit(principal, action in Action::"read", resource);
      @id("broken") forbid(principal, action, resource) when { 3000000000 * 4000000000 > 1 };`);
    expect(policy.decide(alice, read, { path: "/a" })).toMatchObject({ effect: "deny", rule: "error/broken" });
    expect(policy.visible(alice, read)).toBe(false);
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 60), 10n, "5"])(
    "is not made from the number %s",
    (amount) => {
      const policy = createCedarPolicy({ policies: load(SPENDING), server: "database" });
      expect(policy.decide(alice, pay, { to: "x", amount, price: 1 }).rule).toBe("builtin/unfit-argument");
    },
  );
});

describe("callers", () => {
  it("cannot pass for another by a subject or issuer with the separator in it", () => {
    const policy = policyOf(`permit(principal == Principal::"https://idp.example#alice", action, resource);`);
    expect(policy.decide(alice, read, { path: "/a" }).effect).toBe("allow");
    const forged = [
      person("#alice", { issuer: "https://idp.example" }),
      person("alice", { issuer: "https://idp.example#" }),
      person("lice", { issuer: "https://idp.example#a" }),
      person("alice", { issuer: "https://evil.example" }),
      person("", { issuer: "https://idp.example#alice" }),
    ];
    for (const one of forged) expect(policy.decide(one, read, { path: "/a" }).effect).toBe("deny");
  });

  it("cannot share a name with another by an issuer that ends within a subject", () => {
    const policy = policyOf(`permit(principal == Principal::"https://idp.example#a#b", action, resource);`);
    expect(policy.decide(person("a#b"), read, { path: "/a" }).effect).toBe("allow");
    const forged = person("b", { issuer: "https://idp.example#a" });
    expect(policy.decide(forged, read, { path: "/a" })).toMatchObject({
      effect: "deny",
      rule: "builtin/unfit-principal",
    });
    expect(policy.visible(forged, read)).toBe(false);
  });

  it("are not remembered as one another", () => {
    const policy = policyOf(`
      permit(principal, action, resource) when { principal has tenant && principal.tenant == "acme" };
      permit(principal in Role::"auditor", action in Action::"read", resource);
      permit(principal, action in Action::"read", resource) when { principal has client && principal.client == "app" };
      permit(principal, action in Action::"read", resource) when { principal.assurance == "bound-token" };`);
    const ask = (principal: typeof alice) => [
      policy.visible(principal, read),
      policy.decide(principal, read, {}).effect,
    ];
    const yes = [true, "allow"];
    const no = [false, "deny"];
    for (let round = 0; round < 2; round++) {
      expect(ask(person("alice", { tenant: "acme" }))).toEqual(yes);
      expect(ask(person("alice", { tenant: "other" }))).toEqual(no);
      expect(ask(person("alice"))).toEqual(no);
      expect(ask(person("alice", { roles: ["auditor"] }))).toEqual(yes);
      expect(ask(person("alice", { roles: ["auditor,x"] }))).toEqual(no);
      expect(ask(person("alice", { client: "app" }))).toEqual(yes);
      expect(ask(person("alice", { client: "app2" }))).toEqual(no);
      expect(ask(person("alice", { assurance: "bound-token" }))).toEqual(yes);
      expect(ask(person("alice", { scopes: new Set(["db:read"]), tenant: "acme" }))).toEqual(no);
    }
  });

  it("do not get an answer remembered for other arguments", () => {
    const policy = policyOf(
      `permit(principal, action in Action::"read", resource) when { context.args has path && context.args.path == "/open" };`,
    );
    for (let round = 0; round < 2; round++) {
      expect(policy.decide(alice, read, { path: "/open" }).effect).toBe("allow");
      expect(policy.decide(alice, read, { path: "/closed" }).effect).toBe("deny");
    }
  });

  it("cannot spoil their neighbours' answers by arguments that make a rule err", () => {
    const policy = createCedarPolicy({
      server: "database",
      policies: load(`
        permit(principal, action, resource);
        forbid(principal, action == database::Action::"send_report", resource)
          when { context.args.amount * context.args.price > 5 && principal.subject == "bob" };`),
    });
    const pay = target("send_report");
    const huge = { to: "x", amount: Number.MAX_SAFE_INTEGER, price: Number.MAX_SAFE_INTEGER };
    expect(policy.decide(person("bob"), pay, huge).effect).toBe("deny");
    expect(policy.decide(alice, pay, huge).effect).toBe("approve");
  });
});

describe("what the server asks about", () => {
  it("must be what the policies were held against", () => {
    const policy = policyOf("permit(principal, action, resource);");
    expect(policy.decide(alice, read, { path: "/" }).effect).toBe("allow");
    const others = [
      { ...read, name: "read_txt_file" },
      { ...read, method: "prompts/get" },
      { ...read, name: "__proto__" },
      { ...read, effect: "destroy" as const },
      { ...read, scope: undefined },
      { ...read, name: "prompt/summary" },
      { ...read, method: "tools/list" },
    ];
    for (const one of others) {
      expect(policy.decide(alice, one, {})).toEqual({ effect: "deny", rule: "builtin/not-in-manifest" });
      expect(policy.visible(alice, one)).toBe(false);
    }
  });
});
