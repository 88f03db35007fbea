import type { Effect } from "../../effect.ts";
import { didYouMean } from "../../text/nearest.ts";
import { conditionsOf, usesOf } from "../ast.ts";
import type { LoadedPolicies } from "../load/load-policies.ts";
import { referencesOf } from "../load/references.ts";
import type { Rule } from "../load/rule.ts";
import { pathGaps } from "./path-gaps.ts";
import { coversEverything, isForEveryone, isUnconditional, meaningOf, scopeIncludes } from "./scope.ts";

/** One thing worth a second look. */
export interface Lint {
  readonly code: string;
  /** What to say of `rule`, if it is such a case. */
  check(rule: Rule, policies: LoadedPolicies): string | undefined;
}

const CHANGING: readonly Effect[] = ["write", "destroy", "external"];

/** Everything that is looked for besides errors, and besides what the engine itself finds to hold for no request. */
export const LINTS: readonly Lint[] = [
  {
    code: "permits-everything",
    check: (rule) =>
      rule.effect === "permit" && isForEveryone(rule) && coversEverything(rule) && isUnconditional(rule)
        ? "Everybody may do everything. Only scopes are left to protect anything."
        : undefined,
  },
  {
    code: "any-action",
    check: (rule) =>
      rule.effect === "permit" && coversEverything(rule)
        ? `No action is named, so tools added later are permitted too, whatever they do. Write: action in Action::"read".`
        : undefined,
  },
  { code: "everyone-may-change", check: everyoneMayChange },
  { code: "waived-for-any-arguments", check: waivedForAnyArguments },
  { code: "waiver-without-use", check: waiverWithoutUse },
  { code: "waiver-without-effect", check: waiverWithoutEffect },
  {
    code: "covers-nothing",
    check: (rule) => (rule.covers.size === 0 ? "No tool of any server is covered." : undefined),
  },
  { code: "duplicate", check: duplicate },
  { code: "shadowed", check: shadowed },
  { code: "adds-nothing", check: addsNothing },
  { code: "unknown-role", check: (rule, policies) => unknownGroup(rule, policies, "Role") },
  { code: "unknown-tenant", check: (rule, policies) => unknownGroup(rule, policies, "Tenant") },
  { code: "path-with-dots", check: (rule, { rules }) => pathGaps(rule, rules) },
];

function effectsOf(rule: Rule): ReadonlySet<Effect> {
  return new Set([...rule.covers].map(({ operation }) => operation.effect));
}

function everyoneMayChange(rule: Rule): string | undefined {
  if (rule.effect === "forbid" || !isForEveryone(rule)) return undefined;
  const effects = CHANGING.filter((effect) => effectsOf(rule).has(effect));
  if (effects.length === 0) return undefined;
  return `Every caller with the scope may ${effects.join(", ")}. Name a role: principal in Role::"...".`;
}

function waivedForAnyArguments(rule: Rule): string | undefined {
  if (rule.approval !== "none" || looksAtArguments(rule)) return undefined;
  const asked = [...rule.covers].filter(({ operation, args }) => operation.needsApproval && args.fields.size > 0);
  if (asked.length === 0) return undefined;
  return `No human is asked, whatever the arguments of ${namesOf(asked)}. Add a condition on them, or drop @approval("none").`;
}

function waiverWithoutUse(rule: Rule): string | undefined {
  if (rule.approval !== "none" || [...rule.covers].some(({ operation }) => operation.needsApproval)) return undefined;
  return `@approval("none") waives what none of the tools covered asks for. Remove it.`;
}

function waiverWithoutEffect(rule: Rule, { rules }: LoadedPolicies): string | undefined {
  if (rule.approval !== "none") return undefined;
  const asking = rules.find(
    (one) =>
      one !== rule &&
      one.effect === "permit" &&
      one.approval !== "none" &&
      isUnconditional(one) &&
      scopeIncludes(one, rule),
  );
  return asking === undefined
    ? undefined
    : `A human is asked all the same: ${asking.id} permits the same calls without a waiver, and all that permit must waive.`;
}

/** Rules of the same meaning; only the later one is reported. */
function duplicate(rule: Rule, { rules }: LoadedPolicies): string | undefined {
  const meaning = meaningOf(rule);
  const first = rules.find((one) => meaningOf(one) === meaning && one.approval === rule.approval);
  return first === undefined || first === rule
    ? undefined
    : `It says the same as ${first.id} (${first.file}:${first.line}).`;
}

function shadowed(rule: Rule, { rules }: LoadedPolicies): string | undefined {
  if (rule.effect === "forbid" || rule.covers.size === 0) return undefined;
  const above = rules.find((one) => one.effect === "forbid" && isUnconditional(one) && scopeIncludes(one, rule));
  return above === undefined
    ? undefined
    : `${above.id} forbids everything that this rule permits, so it permits nothing.`;
}

/** A rule within another of the same effect, unless the two differ in whether a human is asked. */
function addsNothing(rule: Rule, { rules }: LoadedPolicies): string | undefined {
  if (rule.covers.size === 0) return undefined;
  const wider = rules.find(
    (one) =>
      one !== rule &&
      one.effect === rule.effect &&
      one.approval === rule.approval &&
      isUnconditional(one) &&
      scopeIncludes(one, rule) &&
      // Of two equal ones, the later is a duplicate and nothing else.
      !(isUnconditional(rule) && scopeIncludes(rule, one)),
  );
  return wider === undefined ? undefined : `${wider.id} already ${rule.effect}s everything that this rule does.`;
}

/** Names that no example caller has; without `principals.json` there is nothing to compare with. */
function unknownGroup(rule: Rule, { principals }: LoadedPolicies, type: "Role" | "Tenant"): string | undefined {
  if (principals === undefined) return undefined;
  const callers = [...principals.values()];
  const known = new Set(
    type === "Role" ? callers.flatMap(({ roles }) => roles) : callers.flatMap(({ tenant }) => tenant ?? []),
  );
  const unknown = referencesOf(rule.ast).find((entity) => entity.type === type && !known.has(entity.id));
  if (unknown === undefined) return undefined;
  return `Nobody in principals.json has the ${type.toLowerCase()} "${unknown.id}".${didYouMean(unknown.id, known)}`;
}

function looksAtArguments({ ast }: Rule): boolean {
  const uses = conditionsOf(ast).flatMap(({ body }) => usesOf(body));
  return uses.some(({ path }) => path[0] === "context" && (path[1] === undefined || path[1] === "args"));
}

function namesOf(actions: readonly { readonly id: string }[]): string {
  const [first, ...more] = actions.map(({ id }) => id);
  return more.length === 0 ? `${first}` : `${first} and ${more.length} more`;
}
