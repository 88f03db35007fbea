import type { PolicyJson } from "./engine.ts";

/** An expression of Cedar's JSON form: one operator, its operands below it. */
export type Expr = Readonly<Record<string, unknown>>;

/** One use of an attribute, such as `context.args.path`: the variable, then attribute names. */
export interface Use {
  readonly path: readonly string[];
  /** `has` asks whether the last one is there; a misspelt one is then false without a word. */
  readonly kind: "get" | "has";
}

/** Variable and attributes of `context.args.path`; `undefined` for anything else. */
export function pathOf(expr: Expr): readonly string[] | undefined {
  const { Var: variable } = expr;
  if (typeof variable === "string") return [variable];
  const get = asExpr(expr["."]);
  const left = get === undefined ? undefined : asExpr(get["left"]);
  const attr = get?.["attr"];
  if (left === undefined || typeof attr !== "string") return undefined;
  const base = pathOf(left);
  return base === undefined ? undefined : [...base, attr];
}

/** The attribute that `has` asks for, with the path before it. */
export function hasOf(expr: Expr): { readonly left: Expr; readonly attrs: readonly string[] } | undefined {
  const has = asExpr(expr["has"]);
  const left = has === undefined ? undefined : asExpr(has["left"]);
  if (has === undefined || left === undefined) return undefined;
  const { attr } = has;
  return { left, attrs: Array.isArray(attr) ? attr.map(String) : [String(attr)] };
}

/** Operands, in order. */
export function operands(expr: Expr): readonly Expr[] {
  const found: Expr[] = [];
  for (const [operator, body] of Object.entries(expr)) {
    if (operator === "Value" || operator === "Var" || operator === "Slot") continue;
    const parts = Array.isArray(body) ? body : typeof body === "object" && body !== null ? Object.values(body) : [];
    for (const part of parts) {
      const inner = asExpr(part);
      if (inner !== undefined) found.push(inner);
    }
  }
  return found;
}

/** Every use of an attribute in `expr`; the longest path of each. */
export function usesOf(expr: Expr): readonly Use[] {
  const path = pathOf(expr);
  if (path !== undefined) return [{ path, kind: "get" }];
  const has = hasOf(expr);
  if (has !== undefined) {
    const base = pathOf(has.left);
    // What comes before the attribute asked for is asked for as well: `context has args.path`.
    if (base !== undefined)
      return has.attrs.map((_, at) => ({ path: [...base, ...has.attrs.slice(0, at + 1)], kind: "has" }));
  }
  return operands(expr).flatMap(usesOf);
}

/** Every expression below and including `expr`. */
export function* everyExpr(expr: Expr): Generator<Expr> {
  yield expr;
  for (const operand of operands(expr)) yield* everyExpr(operand);
}

/** A literal: text, number, boolean, or `undefined` where it is none of these. */
export function literalOf(expr: Expr): string | number | boolean | undefined {
  const { Value: value } = expr;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

/** An entity named in an expression or a scope. */
export interface EntityRef {
  readonly type: string;
  readonly id: string;
}

/** The entity behind `Role::"x"`, in either of its two JSON forms. */
export function entityOf(value: unknown): EntityRef | undefined {
  const outer = asExpr(value);
  const inner = asExpr(outer?.["__entity"]) ?? outer;
  const { type, id } = inner ?? {};
  return typeof type === "string" && typeof id === "string" ? { type, id } : undefined;
}

/** Bodies of `when` and `unless`. */
export function conditionsOf(policy: PolicyJson): readonly { readonly kind: "when" | "unless"; readonly body: Expr }[] {
  return policy.conditions.map(({ kind, body }) => ({ kind, body: body as Expr }));
}

/** Entities named anywhere in the conditions. */
export function entitiesIn(policy: PolicyJson): readonly EntityRef[] {
  return conditionsOf(policy).flatMap(({ body }) =>
    [...everyExpr(body)].flatMap((expr) => {
      const entity = typeof expr["Value"] === "object" ? entityOf(expr["Value"]) : undefined;
      return entity === undefined ? [] : [entity];
    }),
  );
}

/** Parts of a conjunction, left to right. */
export function conjuncts(expr: Expr): readonly Expr[] {
  const and = asExpr(expr["&&"]);
  const left = asExpr(and?.["left"]);
  const right = asExpr(and?.["right"]);
  return left === undefined || right === undefined ? [expr] : [...conjuncts(left), ...conjuncts(right)];
}

export function asExpr(value: unknown): Expr | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Expr) : undefined;
}
