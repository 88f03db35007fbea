import { didYouMean } from "../../text/nearest.ts";
import { asExpr, conditionsOf, type Expr, everyExpr, literalOf, pathOf, type Use, usesOf } from "../ast.ts";
import type { PolicyJson } from "../engine.ts";
import { PRINCIPAL } from "../schema/cedar-schema.ts";
import { EMPTY_RECORD, type Field, type RecordShape, shapeAt } from "../schema/shape.ts";
import { type Action, TIME } from "../schema/vocabulary.ts";
import type { Problem } from "./references.ts";

/**
 * Attributes that are nowhere. To the engine, `context.args has pth` is merely false: a `forbid` with a misspelt argument
 * would then forbid nothing, and pass every check.
 */
export function findUnknownAttributes(ast: PolicyJson, covers: ReadonlySet<Action>): readonly Problem[] {
  const uses = conditionsOf(ast).flatMap(({ body }) => usesOf(body));
  const unknown = uses.map((use) => unknownAttribute(use, covers)).filter((problem) => problem !== undefined);
  const literals = conditionsOf(ast).flatMap(({ body }) => findUnknownValues(body, covers));
  return dedupe([...unknown, ...literals]);
}

/** The record that `variable` is, for one action. */
function rootOf(variable: string, action: Action): RecordShape | undefined {
  if (variable === "principal") return PRINCIPAL;
  if (variable !== "context") return undefined;
  const fields = new Map<string, Field>([
    ["args", { shape: action.args, required: true }],
    ["now", { shape: EMPTY_RECORD, required: true }],
    ["time", { shape: TIME, required: true }],
  ]);
  return { kind: "record", fields, leftOut: new Map() };
}

function unknownAttribute({ path }: Use, covers: ReadonlySet<Action>): Problem | undefined {
  const [variable = "", ...attrs] = path;
  const names = new Set<string>();
  let missing: string | undefined;
  let leftOut: string | undefined;
  for (const action of covers) {
    const root = rootOf(variable, action);
    // Another variable, or attributes of something that is no record: the engine has words for it.
    if (root === undefined || attrs[0] === "now") return undefined;
    const outcome = shapeAt(root, attrs);
    if ("found" in outcome || outcome.among === undefined) return undefined;
    missing = outcome.missing;
    leftOut ??= outcome.among.leftOut.get(outcome.missing);
    for (const name of outcome.among.fields.keys()) names.add(name);
  }
  if (missing === undefined) return undefined;
  if (leftOut !== undefined) {
    const message = `No policy can look at "${missing}": ${leftOut}. Let the tool itself bound it.`;
    return { code: "argument-not-expressible", message, near: missing };
  }
  const what = attrs[0] === "args" ? "No tool that this rule covers has an argument" : `${path[0]} has no attribute`;
  return { code: "unknown-argument", message: `${what} "${missing}".${didYouMean(missing, names)}`, near: missing };
}

/** Texts compared with an argument that can never be one of them: `context.args.sort_by == "nmae"`. */
function findUnknownValues(body: Expr, covers: ReadonlySet<Action>): readonly Problem[] {
  return [...everyExpr(body)].flatMap((expr) => {
    const pairs = [...comparedIn(expr)];
    return pairs.flatMap(({ path, value }) => {
      const values = valuesOf(path, covers);
      if (values === undefined || values.has(value)) return [];
      const message = `"${path.at(-1)}" is never "${value}"; it is one of ${[...values].join(", ")}.${didYouMean(value, values)}`;
      return [{ code: "unknown-value", message, near: JSON.stringify(value) }];
    });
  });
}

function* comparedIn(expr: Expr): Generator<{ readonly path: readonly string[]; readonly value: string }> {
  const equal = asExpr(expr["=="] ?? expr["!="]);
  const contains = asExpr(expr["contains"]);
  const [a, b] = [asExpr((equal ?? contains)?.["left"]), asExpr((equal ?? contains)?.["right"])];
  if (a === undefined || b === undefined) return;
  const path = pathOf(a) ?? pathOf(b);
  if (path === undefined) return;
  const other = pathOf(a) === undefined ? a : b;
  const set = contains === undefined ? undefined : other["Set"];
  // `path.contains("x")` speaks of the elements of a set; `["x"].contains(path)` of the value itself.
  const at = contains !== undefined && set === undefined ? [...path, "*"] : path;
  for (const one of Array.isArray(set) ? set : [other]) {
    const value = literalOf(asExpr(one) ?? {});
    if (typeof value === "string") yield { path: at, value };
  }
}

/** Every value the attribute may have, over all actions covered; `undefined`: any. */
function valuesOf(path: readonly string[], covers: ReadonlySet<Action>): ReadonlySet<string> | undefined {
  const [variable = "", ...attrs] = path.filter((name) => name !== "*");
  const all = new Set<string>();
  for (const action of covers) {
    const root = rootOf(variable, action);
    if (root === undefined || attrs.length === 0) return undefined;
    const outcome = shapeAt(root, attrs);
    if (!("found" in outcome)) continue;
    const { shape } = outcome.found;
    const inner = path.includes("*") && shape.kind === "set" ? shape.element : shape;
    if (inner.kind !== "string" || inner.values === undefined) return undefined;
    for (const value of inner.values) all.add(value);
  }
  return all.size === 0 ? undefined : all;
}

function dedupe(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
