import type { Principal } from "@hardened-mcp/auth/principal";
import type { ManifestMethod } from "../../manifest/manifest.ts";
import { createClock } from "../args/clock.ts";
import { toCedar, UnfitArgument } from "../args/to-cedar.ts";
import { conditionsOf, conjuncts, type Expr } from "../ast.ts";
import { ask, type PolicyJson, preparse, printPolicy } from "../engine.ts";
import { actionEntity, principalEntity, uidOf } from "../entities.ts";
import type { LoadedPolicies } from "../load/load-policies.ts";
import type { Rule } from "../load/rule.ts";
import type { RecordShape } from "../schema/shape.ts";
import { actionId } from "../schema/vocabulary.ts";

interface Situation {
  readonly policies: LoadedPolicies;
  readonly server: string;
  readonly method: ManifestMethod;
  readonly name: string;
  readonly principal: Principal;
  readonly args: unknown;
  readonly now: number;
  readonly timeZone: string;
}

/** Permits that cover the operation and did not hold, each with the first of its parts that the engine finds untrue. */
export function missedBy(
  situation: Situation,
  determining: readonly Rule[],
): readonly { readonly rule: Rule; readonly because: string }[] {
  const { policies, server, method, name, principal, args, now, timeZone } = situation;
  const namespace = policies.vocabulary.servers.get(server)?.namespace;
  const action = policies.vocabulary.actions.get(`${namespace}::Action`)?.get(actionId(method, name));
  const caller = principalEntity(principal);
  if (action === undefined || caller === undefined) return [];
  const permits = policies.rules.filter(
    (rule) => rule.effect === "permit" && rule.covers.has(action) && !determining.includes(rule),
  );
  const parts = permits.map(partsOf);
  const set = preparse(
    Object.fromEntries(parts.flatMap((all, at) => all.map(({ policy }, part) => [`${at}.${part}`, policy]))),
  );
  const { reason } = ask(set, {
    principal: { type: "Principal", id: `${principal.issuer}#${principal.subject}` },
    action: uidOf(action),
    resource: { type: "Server", id: server },
    context: { args: fitArguments(args, action.args), ...createClock(() => now, timeZone).read() },
    entities: [caller, actionEntity(action)],
  });
  const held = new Set(reason);
  return permits.flatMap((rule, at) => {
    const missed = parts[at]?.find((_, part) => !held.has(`${at}.${part}`));
    // A permit that holds in all its parts was overruled by a forbid, which the decision names.
    return missed === undefined ? [] : [{ rule, because: missed.text }];
  });
}

/** Arguments that cannot be judged are as good as none for an explanation; the decision says what is wrong with them. */
function fitArguments(args: unknown, shape: RecordShape): ReturnType<typeof toCedar> {
  try {
    return toCedar(args, shape, undefined);
  } catch (error) {
    if (error instanceof UnfitArgument) return {};
    throw error;
  }
}

interface Part {
  readonly policy: PolicyJson;
  readonly text: string;
}

/** A rule's scope, then each condition and each part of a conjunction, as policies that hold where that part does. */
function partsOf({ ast }: Rule): readonly Part[] {
  const { annotations, ...plain } = ast;
  const scope: PolicyJson = { ...plain, conditions: [] };
  const head: Part = { policy: scope, text: `the caller is not ${callerText(scope)}` };
  const anyone: PolicyJson = { ...scope, principal: { op: "All" } };
  const conditions = conditionsOf(ast).flatMap(({ kind, body }) =>
    (kind === "when" ? conjuncts(body) : [body]).map((part): Part => {
      const policy = {
        ...anyone,
        conditions: [{ kind, body: part as unknown as PolicyJson["conditions"][number]["body"] }],
      };
      return { policy, text: `${kind} { ${expressionText(part)} } does not hold` };
    }),
  );
  return [head, ...conditions];
}

function callerText(scope: PolicyJson): string {
  return /^permit\(\s*principal\s*([^,]*),/.exec(printPolicy(scope))?.[1]?.trim() ?? "covered";
}

/** An expression in Cedar's own words; the engine prints policies only. */
function expressionText(body: Expr): string {
  const all = { op: "All" } as const;
  const policy = { effect: "permit", principal: all, action: all, resource: all } as const;
  const text = printPolicy({
    ...policy,
    conditions: [{ kind: "when", body: body as unknown as PolicyJson["conditions"][number]["body"] }],
  });
  return text.slice(text.indexOf("{") + 1, text.lastIndexOf("}")).trim();
}
