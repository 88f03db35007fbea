import type { Principal } from "@hardened-mcp/auth/principal";
import type { Decision, Policy, PolicyTarget } from "../../policy.ts";
import { canStepUp, holdsScope } from "../../scope-policy.ts";
import { refuseUnknownKeys } from "../../text/known-keys.ts";
import { didYouMean } from "../../text/nearest.ts";
import { createClock } from "../args/clock.ts";
import { isFit, principalEntity } from "../entities.ts";
import type { LoadedPolicies } from "../load/load-policies.ts";
import { type Action, withMilder } from "../schema/vocabulary.ts";
import { createRuleSet, type RuleSet } from "./rule-set.ts";
import { type Standing, standingOf } from "./standing.ts";
import { createStandings } from "./standings.ts";
import { builtin } from "./verdict.ts";

/** Options of {@link createCedarPolicy}. */
export interface CedarPolicyOptions {
  readonly policies: LoadedPolicies;
  /** The server that asks; its manifest must be among those the policies were loaded with. */
  readonly server: string;
  /** Scopes a client may come back with, as for `scopePolicy`. Default: none. */
  readonly stepUp?: Iterable<string>;
  /** IANA time zone of `context.time`. Default `UTC`. */
  readonly timeZone?: string;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

const OPTION_KEYS: Readonly<Record<keyof CedarPolicyOptions, true>> = {
  policies: true,
  server: true,
  stepUp: true,
  timeZone: true,
  now: true,
};

/** A policy that can also say how a caller stands; what explanations and the matrix are made from. */
export interface CedarPolicy extends Policy {
  decide(principal: Principal, target: PolicyTarget, args: unknown): Decision;
  /** How `principal` stands to the target, scopes aside; `undefined`: the server has no such operation. */
  standing(
    principal: Principal,
    target: Pick<PolicyTarget, "method" | "name"> & Partial<Pick<PolicyTarget, "effect">>,
  ): Standing | undefined;
}

const LIST: Decision = { effect: "allow", rule: "builtin/list" };
const SCOPE_MISSING: Decision = { effect: "deny", rule: "builtin/scope-missing" };
const NOT_IN_MANIFEST: Decision = { effect: "deny", rule: "builtin/not-in-manifest" };

/** Methods that answer with what the caller may see, and so may be asked by anyone who is somebody. */
const LISTS = new Set(["tools/list", "prompts/list", "resources/list", "resources/templates/list"]);

/**
 * The policy of one server: what the user granted to the client (the scope) and what the organisation allows (Cedar) must
 * both say yes. What no rule permits is denied, and a rule that cannot be evaluated denies.
 *
 * @throws {TypeError} an unknown option, or no manifest of the server
 * @throws {RangeError} no such time zone
 */
export function createCedarPolicy(options: CedarPolicyOptions): CedarPolicy {
  refuseUnknownKeys("createCedarPolicy", options, OPTION_KEYS);
  const { policies, server, timeZone = "UTC", now = Date.now } = options;
  const actions = actionsOf(policies, server);
  const stepUp = new Set(options.stepUp);
  const context = { clock: createClock(now, timeZone) };
  const standings = createStandings();
  // At start, where an engine that cannot take them keeps the server from starting, and no call waits for it.
  const sets = new Map<Action, RuleSet>();
  for (const action of [...actions.values()].flatMap((named) => [...named.values()].flatMap(withMilder))) {
    sets.set(action, createRuleSet(action, policies.rules));
  }

  function actionOf({ method, name, effect }: Parameters<CedarPolicy["standing"]>[1]): Action | undefined {
    const action = actions.get(method)?.get(name);
    if (action === undefined || effect === undefined) return action;
    return withMilder(action).find(({ operation }) => operation.effect === effect);
  }

  function standing(principal: Principal, action: Action): Standing {
    return standings.of(principal, action, () => {
      const caller = isFit(principal) ? principalEntity(principal) : undefined;
      const set = sets.get(action);
      if (caller === undefined || set === undefined) return { kind: "settled", verdict: builtin("unfit-principal") };
      return standingOf(set, caller, context);
    });
  }

  return {
    visible(principal, target) {
      if (isList(target)) return true;
      const action = actionOf(target);
      if (action === undefined || !agrees(action, target)) return false;
      if (!holdsScope(principal, target) && !canStepUp(principal, target, stepUp)) return false;
      const found = standing(principal, action);
      return found.kind === "open" || found.verdict.effect !== "deny";
    },
    decide(principal, target, args) {
      if (isList(target)) return LIST;
      const action = actionOf(target);
      if (action === undefined || !agrees(action, target)) return NOT_IN_MANIFEST;
      const held = holdsScope(principal, target);
      if (!held && !canStepUp(principal, target, stepUp)) return SCOPE_MISSING;
      const found = standing(principal, action);
      const verdict = found.kind === "open" ? found.decide(args) : found.verdict;
      // A scope is worth asking for only where the rules would then say yes.
      if (held || verdict.effect === "deny" || target.scope === undefined) return verdict;
      return { ...SCOPE_MISSING, missingScopes: [target.scope] };
    },
    standing(principal, target) {
      const action = actionOf(target);
      return action === undefined ? undefined : standing(principal, action);
    },
  };
}

function isList({ method, name, scope }: PolicyTarget): boolean {
  return scope === undefined && method === name && LISTS.has(method);
}

/** What is asked about is what the policies were held against; a server that offers something else must load them anew. */
function agrees({ operation }: Action, target: PolicyTarget): boolean {
  return (
    operation.effect === target.effect &&
    operation.scope === target.scope &&
    operation.needsApproval === target.needsApproval
  );
}

/** Actions of one server, by method and name: a tool named like another's prefix is no way around. */
function actionsOf({ vocabulary }: LoadedPolicies, server: string): ReadonlyMap<string, ReadonlyMap<string, Action>> {
  const entry = vocabulary.servers.get(server);
  if (entry === undefined) {
    const near = didYouMean(server, vocabulary.servers.keys());
    throw new TypeError(`The policies were loaded without a manifest of the server "${server}".${near}`);
  }
  const all = [...(vocabulary.actions.get(`${entry.namespace}::Action`)?.values() ?? [])];
  const byMethod = Map.groupBy(all, ({ operation }) => operation.method);
  return new Map(
    [...byMethod].map(([method, list]) => [method, new Map(list.map((one) => [one.operation.name, one]))]),
  );
}
