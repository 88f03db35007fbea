import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Principal } from "@hardened-mcp/auth/principal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCedarPolicy } from "../../../src/cedar/decide/cedar-policy.ts";
import { FILES } from "../../support/manifests.ts";
import { load, person, read, target } from "../../support/policies.ts";

const NOON = Date.UTC(2026, 0, 5, 12);

/** Conditions on callers, arguments and time; those on arguments may err by overflow. */
const atom = fc.constantFrom(
  "true",
  "false",
  'principal in Role::"a"',
  'principal.subject == "alice"',
  'principal has tenant && principal.tenant == "t"',
  'principal.scopes.contains("x")',
  "context.args has path",
  "context.args has head",
  "context.args has content",
  'context.args has path && context.args.path == "/a"',
  'context.args has path && context.args.path like "/a*"',
  "context.args has head && context.args.head > 3",
  "context.args has head && context.args.head * 9223372036854775807 > 3",
  "context.args has head && context.args.head * 9223372036854775807 <= 3",
  "context.args has head && context.args.head < 9223372036854775807",
  'context.args has sort_by && context.args.sort_by == "name"',
  "context.time.hour > 11",
  'context.time.weekday == "sunday"',
  'context.now < datetime("2026-06-01")',
  'action in Action::"read"',
  'resource == Server::"filesystem"',
);

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    atom.map((text) => `(${text})`),
    tie("condition").map((a) => `!(${a})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie("condition"), tie("condition"), tie("condition")).map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
  ),
}));

const rule = fc
  .record({
    effect: fc.constantFrom("permit", "permit", "forbid"),
    principal: fc.constantFrom(
      "principal",
      'principal in Role::"a"',
      'principal == Principal::"https://idp.example#alice"',
    ),
    action: fc.constantFrom(
      "action",
      'action in Action::"read"',
      'action == filesystem::Action::"read_text_file"',
      'action in [Action::"destroy", Action::"write"]',
    ),
    conditions: fc.array(fc.tuple(fc.constantFrom("when", "unless"), condition), { maxLength: 2 }),
  })
  .map(
    ({ effect, principal, action, conditions }) =>
      `${effect}(${principal}, ${action}, resource) ${conditions.map(([kind, body]) => `${kind} { ${body} }`).join(" ")};`,
  );

const caller = fc
  .record({
    subject: fc.constantFrom("alice", "bob"),
    roles: fc.subarray(["a", "b"]),
    tenant: fc.constantFrom("t", undefined),
    scoped: fc.boolean(),
  })
  .map(
    ({ subject, roles, tenant, scoped }): Principal =>
      person(subject, {
        roles,
        ...(tenant === undefined ? {} : { tenant }),
        scopes: new Set(["files:read", "files:write", ...(scoped ? ["x"] : [])]),
      }),
  );

const call = fc.oneof(
  fc.record({
    name: fc.constant("read_text_file"),
    args: fc.record(
      {
        path: fc.constantFrom("/a", "/ab", "/b"),
        head: fc.constantFrom(0, 1, 5, Number.MAX_SAFE_INTEGER),
        sort_by: fc.constantFrom("name", "size"),
      },
      { requiredKeys: ["path"] },
    ),
  }),
  fc.record({ name: fc.constant("list_allowed_directories"), args: fc.constant({}) }),
  fc.record({ name: fc.constant("delete_file"), args: fc.record({ path: fc.constantFrom("/a", "/b") }) }),
);

/** The engine asked about the file as a whole, with everything it could want. */
function engineAnswer(text: string, principal: Principal, name: string, args: Record<string, string | number>) {
  const { effect } = target(name);
  const { issuer, subject, tenant, scopes, roles, assurance } = principal;
  const answer = isAuthorized({
    principal: { type: "Principal", id: `${issuer}#${subject}` },
    action: { type: "filesystem::Action", id: name },
    resource: { type: "Server", id: "filesystem" },
    context: {
      args,
      now: { __extn: { fn: "datetime", arg: new Date(NOON).toISOString() } },
      time: { hour: 12, minute: 0, weekday: "monday" },
    },
    policies: { staticPolicies: text },
    entities: [
      {
        uid: { type: "Principal", id: `${issuer}#${subject}` },
        attrs: { issuer, subject, ...(tenant === undefined ? {} : { tenant }), scopes: [...scopes], assurance },
        parents: roles.map((id) => ({ type: "Role", id })),
      },
      { uid: { type: "filesystem::Action", id: name }, attrs: {}, parents: [{ type: "Action", id: effect }] },
    ],
  });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  return answer.response;
}

describe("any policies, callers and arguments", () => {
  it("are decided as the engine decides the whole file, but denied where a rule errs", () => {
    const seen = { allowed: 0, denied: 0, erred: 0, hidden: 0 };
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(caller, call), { minLength: 4, maxLength: 8 }),
        (rules, calls) => {
          const text = rules.join("\n");
          // Some name an argument that no tool of theirs has.
          const { policies } = read(text, {}, [FILES]);
          fc.pre(policies !== undefined);
          const policy = createCedarPolicy({ policies, server: "filesystem", now: () => NOON });
          const asked = calls.map(([principal, { name, args }]) => ({
            principal,
            args,
            target: target(name),
            engine: engineAnswer(text, principal, name, args),
          }));
          // Twice: the second round is answered from what is remembered.
          for (const { principal, args, target, engine } of [...asked, ...asked]) {
            const { decision, diagnostics } = engine;
            const decided = policy.decide(principal, target, args);
            const allowed = decided.effect !== "deny";
            if (allowed) {
              expect(decision).toBe("allow");
              expect(decided.effect).toBe(target.needsApproval ? "approve" : "allow");
              expect(policy.visible(principal, target)).toBe(true);
            } else if (diagnostics.errors.length === 0) {
              expect(decision).toBe("deny");
            }
            seen[allowed ? "allowed" : "denied"]++;
            if (diagnostics.errors.length > 0) seen.erred++;
            if (!policy.visible(principal, target)) seen.hidden++;
          }
        },
      ),
      { numRuns: 80, seed: 7 },
    );
    // The cases must have reached every corner, or the promise above says little.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });

  it("hide a tool exactly where no arguments help, for rules without contradictions", () => {
    const policy = createCedarPolicy({
      server: "filesystem",
      policies: load(
        `permit(principal, action, resource) when { context.args has path && context.args.path like "/a*" && principal.subject == "alice" };
         forbid(principal, action in Action::"destroy", resource) unless { principal in Role::"a" || context.time.hour < 0 };
         permit(principal in Role::"b", action in Action::"read", resource) unless { context.args has path };`,
        [FILES],
      ),
    });
    const shown = (principal: Principal) =>
      FILES.operations.filter((one) => policy.visible(principal, target(one.name))).map(({ name }) => name);
    expect(shown(person("bob"))).toEqual([]);
    expect(shown(person("alice"))).toEqual(["read_text_file", "write_file", "delete_file", "summary"]);
    expect(shown(person("bob", { roles: ["b"] }))).toEqual([
      "read_text_file",
      "read_multiple_files",
      "list_allowed_directories",
      "summary",
      "log",
    ]);
  });
});
