import { asExpr, type Expr, hasOf, operands, pathOf } from "../ast.ts";
import type { PolicyJson } from "../engine.ts";
import { type RecordShape, shapeAt } from "../schema/shape.ts";

/*
 * What is true of a policy whatever the arguments and the time are. The engine's own partial evaluation was tried: it keeps
 * `context.args.path like "x" && false` as undecided, since the left side might err, so that a rule for alice would show a
 * tool to everybody; and it parses all policies again for each question.
 *
 * Nothing here can allow a call: bounds hide and deny, and say what is worth remembering. An allow is always the engine's
 * answer to the policies as written.
 */

const TRUE: Expr = { Value: true };
const FALSE: Expr = { Value: false };

/** A policy that holds at least (`may`) or at most (`must`) as often as another, and does not look at the context. */
export type Bound = "may" | "must";

/** `policy` without its conditions on the context, as a permit, so that the engine can say whether it would hold. */
export function boundOf(policy: PolicyJson, bound: Bound, args: RecordShape): PolicyJson {
  const conditions = policy.conditions.map(({ kind, body }) => {
    const known = withKnownArguments(body as Expr, args);
    // `unless` negates: what makes its body more often true makes the policy hold less often.
    const inner = kind === "when" ? boundExpr(known, bound) : boundExpr(known, other(bound));
    return { kind, body: inner as unknown as (typeof policy.conditions)[number]["body"] };
  });
  const { annotations, ...rest } = policy;
  return { ...rest, effect: "permit", conditions };
}

/** Whether the policy looks at arguments or time, once what is known of this action's arguments is filled in. */
export function usesContext(policy: PolicyJson, args: RecordShape): boolean {
  return policy.conditions.some(({ body }) => isOpen(withKnownArguments(body as Expr, args)));
}

/** An expression that cannot be evaluated without the context, or not faithfully. */
function isOpen(expr: Expr): boolean {
  if (expr["Var"] === "context") return true;
  // The syntax tree has rounded it, so what it is compared with is not known either.
  const { Value: value } = expr;
  if (typeof value === "number" && !Number.isSafeInteger(value)) return true;
  return operands(expr).some(isOpen);
}

function boundExpr(expr: Expr, bound: Bound): Expr {
  if (!isOpen(expr)) return expr;
  const and = partsOf(expr, "&&");
  if (and !== undefined) return { "&&": { left: boundExpr(and.left, bound), right: boundExpr(and.right, bound) } };
  const or = partsOf(expr, "||");
  if (or !== undefined) return { "||": { left: boundExpr(or.left, bound), right: boundExpr(or.right, bound) } };
  const not = asExpr(asExpr(expr["!"])?.["arg"]);
  if (not !== undefined) return { "!": { arg: boundExpr(not, other(bound)) } };
  const choice = asExpr(expr["if-then-else"]);
  if (choice !== undefined) return boundChoice(choice, bound);
  return bound === "may" ? TRUE : FALSE;
}

/** `if c then t else e`: for `may`, `t` where `c` may hold, or `e` where `c` need not; for `must`, the reverse. */
function boundChoice(choice: Expr, bound: Bound): Expr {
  const [condition, yes, no] = [asExpr(choice["if"]), asExpr(choice["then"]), asExpr(choice["else"])];
  if (condition === undefined || yes === undefined || no === undefined) return bound === "may" ? TRUE : FALSE;
  const holds = { "&&": { left: boundExpr(condition, bound), right: boundExpr(yes, bound) } };
  const fails = { "&&": { left: { "!": { arg: boundExpr(condition, other(bound)) } }, right: boundExpr(no, bound) } };
  return { "||": { left: holds, right: fails } };
}

function other(bound: Bound): Bound {
  return bound === "may" ? "must" : "may";
}

/**
 * `context.args has x` is false where the tool has no such argument. A rule for every tool with a path then says nothing of
 * a tool without one.
 */
function withKnownArguments(expr: Expr, args: RecordShape): Expr {
  const has = hasOf(expr);
  const base = has === undefined ? undefined : pathOf(has.left);
  if (has !== undefined && base?.length === 2 && base[0] === "context" && base[1] === "args") {
    return "found" in shapeAt(args, has.attrs) ? expr : FALSE;
  }
  const and = partsOf(expr, "&&");
  if (and !== undefined) {
    const left = withKnownArguments(and.left, args);
    if (left["Value"] === false) return FALSE;
    const right = withKnownArguments(and.right, args);
    return left["Value"] === true ? right : { "&&": { left, right } };
  }
  const or = partsOf(expr, "||");
  if (or !== undefined) {
    const left = withKnownArguments(or.left, args);
    if (left["Value"] === true) return TRUE;
    const right = withKnownArguments(or.right, args);
    return left["Value"] === false ? right : { "||": { left, right } };
  }
  const not = asExpr(asExpr(expr["!"])?.["arg"]);
  if (not === undefined) return expr;
  const inner = withKnownArguments(not, args);
  return typeof inner["Value"] === "boolean" ? { Value: !inner["Value"] } : { "!": { arg: inner } };
}

function partsOf(expr: Expr, operator: "&&" | "||"): { readonly left: Expr; readonly right: Expr } | undefined {
  const body = asExpr(expr[operator]);
  const [left, right] = [asExpr(body?.["left"]), asExpr(body?.["right"])];
  return left === undefined || right === undefined ? undefined : { left, right };
}
