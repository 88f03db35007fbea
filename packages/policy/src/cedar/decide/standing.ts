import type { Clock } from "../args/clock.ts";
import { toCedar, UnfitArgument } from "../args/to-cedar.ts";
import { ask, type EntityJson, type Question } from "../engine.ts";
import { actionEntity, uidOf } from "../entities.ts";
import type { Rule } from "../load/rule.ts";
import type { RuleFacts, RuleSet } from "./rule-set.ts";
import { allowedBy, builtin, deniedBy, failedOn, type Verdict } from "./verdict.ts";

/** How one caller stands to one action, whatever the arguments. */
export type Standing =
  /** The same for all arguments and at any time. */
  | { readonly kind: "settled"; readonly verdict: Verdict }
  /** Arguments or the time decide; `open` are the rules that may have a say. */
  | { readonly kind: "open"; readonly open: readonly RuleFacts[]; decide(args: unknown): Verdict };

/** What {@link standingOf} needs besides the rules. */
export interface StandingContext {
  readonly clock: Clock;
}

/** @throws {Error} the engine came to no answer */
export function standingOf(set: RuleSet, caller: EntityJson, { clock }: StandingContext): Standing {
  const question: Question = {
    principal: caller.uid as Question["principal"],
    action: uidOf(set.action),
    resource: { type: "Server", id: set.action.server },
    context: {},
    entities: [caller, actionEntity(set.action)],
  };
  const bounds = ask(set.bounds, question);
  // A bound that errs settles nothing, so its rule counts as one that may have a say.
  const holding = new Set([...bounds.reason, ...bounds.errored]);
  const may = [...set.rules.values()].filter(({ rule }) => holding.has(`may:${rule.id}`));
  const must = may.filter(({ rule }) => bounds.reason.includes(`must:${rule.id}`));
  if (must.length > 0) return { kind: "settled", verdict: deniedBy(must.map(({ rule }) => rule)) };
  if (!may.some(({ rule }) => rule.effect === "permit")) return { kind: "settled", verdict: builtin("no-permit") };

  const judge = (context: Question["context"]) => judged(set, may, { ...question, context });
  if (!may.some(({ usesContext }) => usesContext)) return { kind: "settled", verdict: judge({ args: {} }) };
  const only = argumentsOf(may);
  const usesTime = may.some((facts) => facts.usesTime);
  return {
    kind: "open",
    open: may,
    decide(args) {
      try {
        return judge({ args: toCedar(args, set.action.args, only), ...(usesTime ? clock.read() : {}) });
      } catch (error) {
        if (!(error instanceof UnfitArgument)) throw error;
        const message = `The policy of this server cannot judge the argument "${error.argument}": ${error.reason}.`;
        return builtin("unfit-argument", message);
      }
    },
  };
}

/** The engine's answer to the rules as written. */
function judged(set: RuleSet, may: readonly RuleFacts[], question: Question): Verdict {
  const { allowed, reason, errored } = ask(set.written, question);
  // Rules that cannot hold for this caller err where what they look at was not handed over; that is no matter.
  const failed = pick(may, errored);
  if (failed.length > 0) return failedOn(failed);
  const rules = pick(may, reason);
  // The engine decided by a rule that the bounds rule out. That cannot be, so one of the two is wrong.
  if (rules.length !== reason.length) return builtin("engine-disagrees");
  if (!allowed) return rules.length === 0 ? builtin("no-permit") : deniedBy(rules);
  return allowedBy(rules, set.action.operation.needsApproval);
}

function pick(may: readonly RuleFacts[], ids: readonly string[]): readonly Rule[] {
  const wanted = new Set(ids);
  return may.filter(({ rule }) => wanted.has(rule.id)).map(({ rule }) => rule);
}

/** What the rules look at, so that an argument of no interest need not be one that Cedar can express. */
function argumentsOf(may: readonly RuleFacts[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { args } of may) {
    if (args === undefined) return undefined;
    for (const name of args) names.add(name);
  }
  return names;
}
