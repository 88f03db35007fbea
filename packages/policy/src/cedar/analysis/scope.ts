import { asExpr, conditionsOf, entityOf, everyExpr } from "../ast.ts";
import type { Rule } from "../load/rule.ts";

/** Nothing but its scope says when the rule holds. */
export function isUnconditional({ ast }: Rule): boolean {
  return ast.conditions.length === 0;
}

/** The rule looks at the caller neither in its scope nor in a condition. */
export function isForEveryone({ ast }: Rule): boolean {
  const { principal } = ast;
  const anyone = principal.op === "All" || (principal.op === "is" && asExpr(principal)?.["in"] === undefined);
  const looks = conditionsOf(ast).some(({ body }) => [...everyExpr(body)].some((expr) => expr["Var"] === "principal"));
  return anyone && !looks;
}

/** The rule names no action, so it covers tools that are added later. */
export function coversEverything({ ast }: Rule): boolean {
  return ast.action.op === "All";
}

/** Whether `a`'s scope holds wherever `b`'s does, for the operations there are today. */
export function scopeIncludes(a: Rule, b: Rule): boolean {
  const covers = [...b.covers].every((action) => a.covers.has(action));
  return covers && callersInclude(a, b);
}

function callersInclude(a: Rule, b: Rule): boolean {
  const all = a.ast.principal;
  if (all.op === "All" || (all.op === "is" && asExpr(all)?.["in"] === undefined)) return true;
  return JSON.stringify(namedCaller(a)) === JSON.stringify(namedCaller(b));
}

/** The group or caller a scope names; how it is asked for (`==`, `in`) belongs to it. */
function namedCaller({ ast }: Rule): unknown {
  const fields = asExpr(ast.principal);
  const inner = asExpr(fields?.["in"]);
  return [inner === undefined ? fields?.["op"] : "in", entityOf(fields?.["entity"] ?? inner?.["entity"])];
}

/** What the rule says, apart from its annotations and its place. */
export function meaningOf({ ast }: Rule): string {
  const { annotations, ...rest } = ast;
  return JSON.stringify(rest);
}
