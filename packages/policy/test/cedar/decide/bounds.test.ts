import { describe, expect, it } from "vitest";
import { boundOf, usesContext } from "../../../src/cedar/decide/bounds.ts";
import { isEngineFinding, parsePolicy, printPolicy } from "../../../src/cedar/engine.ts";
import { EMPTY_RECORD, type RecordShape } from "../../../src/cedar/schema/shape.ts";

const ARGS: RecordShape = {
  ...EMPTY_RECORD,
  fields: new Map([["path", { shape: { kind: "string", values: undefined }, required: false }]]),
};
const P = 'principal.subject == "a"';
const Q = 'principal.issuer == "b"';
const C = "context.time.hour > 3";

function parse(conditions: string) {
  const ast = parsePolicy(`forbid(principal, action, resource) ${conditions};`);
  if (isEngineFinding(ast)) throw new Error(ast.message);
  return ast;
}

/** Conditions in one line, by the engine's printer. */
function text(policy: ReturnType<typeof parse>): string {
  return printPolicy(policy)
    .replace(/^[^)]*\)/, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Conditions, when they may hold, and when they must. */
const CASES: readonly (readonly [string, string, string])[] = [
  [`when { ${P} }`, `when { ${P} }`, `when { ${P} }`],
  [`when { ${C} }`, "when { true }", "when { false }"],
  [`unless { ${C} }`, "unless { false }", "unless { true }"],
  [`when { ${P} && ${C} }`, `when { ${P} && true }`, `when { ${P} && false }`],
  [`when { ${C} || ${P} }`, `when { true || ${P} }`, `when { false || ${P} }`],
  [`when { !(${C}) }`, "when { !false }", "when { !true }"],
  [`unless { !(${C} && ${P}) }`, `unless { !(true && ${P}) }`, `unless { !(false && ${P}) }`],
  [
    `when { if ${C} then ${P} else ${Q} }`,
    `when { true && ${P} || !false && ${Q} }`,
    `when { false && ${P} || !true && ${Q} }`,
  ],
  [
    `when { if ${P} then ${C} else ${Q} }`,
    `when { ${P} && true || !(${P}) && ${Q} }`,
    `when { ${P} && false || !(${P}) && ${Q} }`,
  ],
  [`when { (${C}) == true }`, "when { true }", "when { false }"],
  [`when { context.args has path }`, "when { true }", "when { false }"],
  [`when { context.args has other }`, "when { false }", "when { false }"],
  [`when { !(context.args has other) }`, "when { true }", "when { true }"],
  [`when { context.args has other && context.args.other == 3 }`, "when { false }", "when { false }"],
  [`when { context.args has other || ${P} }`, `when { ${P} }`, `when { ${P} }`],
  [`when { principal.scopes == [9223372036854775807] }`, "when { true }", "when { false }"],
];

describe("bounds of a policy", () => {
  it.each(CASES)("%s", (conditions, may, must) => {
    const bound = (which: "may" | "must") => text(boundOf(parse(conditions), which, ARGS));
    const plain = (conditionText: string) => text({ ...parse(conditionText), effect: "permit" });
    expect([bound("may"), bound("must")]).toEqual([plain(may), plain(must)]);
  });

  it.each([
    [`when { ${P} }`, false],
    [`when { ${C} }`, true],
    [`unless { ${P} && ${C} }`, true],
    ["when { context.args has path }", true],
    ["when { context.args has other && context.args.other == 3 }", false],
    ["when { principal.scopes == [9007199254740993] }", true],
  ])("look at the context or not: %s", (conditions, expected) => {
    expect(usesContext(parse(conditions), ARGS)).toBe(expected);
  });
});
