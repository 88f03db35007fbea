import { conditionsOf, usesOf } from "../ast.ts";
import { type PreparsedSet, preparse } from "../engine.ts";
import type { Rule } from "../load/rule.ts";
import type { Action } from "../schema/vocabulary.ts";
import { boundOf, usesContext } from "./bounds.ts";

/** The rules that can have a say on one action, as written and in their bounds. */
export interface RuleSet {
  readonly action: Action;
  readonly rules: ReadonlyMap<string, RuleFacts>;
  /**
   * All rules as written, those of other actions too; what allows and denies. Were they sorted out here, a mistake of ours
   * could lose a forbid.
   */
  readonly written: PreparsedSet;
  /** `may:ID` and, for forbids, `must:ID`: each a permit, so that one question tells about all of them. */
  readonly bounds: PreparsedSet;
}

/** A rule, with what is known of it for one action. */
export interface RuleFacts {
  readonly rule: Rule;
  /** Looks at arguments or time. */
  readonly usesContext: boolean;
  /** Names of the top-level arguments it looks at; `undefined`: at all of them together. */
  readonly args: ReadonlySet<string> | undefined;
  readonly usesTime: boolean;
}

export function createRuleSet(action: Action, all: readonly Rule[]): RuleSet {
  const rules = all.filter(({ covers }) => covers.has(action));
  const bounds = rules.flatMap(({ id, effect, ast }) => {
    const may = [`may:${id}`, boundOf(ast, "may", action.args)] as const;
    return effect === "permit" ? [may] : [may, [`must:${id}`, boundOf(ast, "must", action.args)] as const];
  });
  return {
    action,
    rules: new Map(rules.map((rule) => [rule.id, factsOf(rule, action)])),
    written: preparse(Object.fromEntries(all.map(({ id, text }) => [id, text]))),
    bounds: preparse(Object.fromEntries(bounds)),
  };
}

function factsOf(rule: Rule, action: Action): RuleFacts {
  const uses = conditionsOf(rule.ast).flatMap(({ body }) => usesOf(body));
  const context = uses.filter(({ path }) => path[0] === "context");
  const whole = context.some(({ path }) => path.length < 2 || (path[1] === "args" && path.length < 3));
  const names = context.filter(({ path }) => path[1] === "args").map(({ path }) => path[2] ?? "");
  return {
    rule,
    usesContext: usesContext(rule.ast, action.args),
    // `context has args` asks for nothing in it, but there is no need to be clever.
    args: whole ? undefined : new Set(names),
    usesTime: context.some(({ path }) => path.length < 2 || path[1] === "now" || path[1] === "time"),
  };
}
