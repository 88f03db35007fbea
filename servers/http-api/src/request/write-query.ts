import { CallError } from "@hardened-mcp/server";
import type { Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";
import { argumentOf } from "./argument-of.ts";
import { expandQuery, type QueryRule } from "./expand-query.ts";
import { flatten } from "./flatten.ts";
import { refuseArgument } from "./refuse-argument.ts";
import { isMethodOverride, parameterKey } from "./reserved-names.ts";

interface QueryPlan extends QueryRule {
  readonly required: boolean;
  readonly asJson: boolean;
}

interface Planned {
  readonly reserved: readonly string[];
  readonly rules: readonly QueryPlan[];
}

const plans = new WeakMap<ApiOperation, Planned>();

/**
 * The query without its question mark; empty where there is none.
 *
 * @param reserved names that a credential is sent under
 * @throws {CallError} `invalid_input`; `internal` a name that must not be sent
 */
export function writeQuery(
  operation: ApiOperation,
  args: Readonly<Record<string, Json>>,
  reserved: readonly string[],
): string {
  const pairs: string[] = [];
  for (const rule of planOf(operation, reserved)) {
    const value = argumentOf(args, rule.argument);
    if (value === undefined) {
      if (rule.required) refuseArgument(rule.argument, "is missing.", "missing");
      continue;
    }
    const written = rule.asJson ? asJson(value, rule) : expandQuery(value, rule);
    // A filter that is asked for and then not sent would make `DELETE /items?id=[]` delete them all.
    if (rule.required && written.length === 0)
      refuseArgument(rule.argument, "is empty, so that nothing of it would be sent.", "empty");
    pairs.push(...written);
  }
  return pairs.join("&");
}

function asJson(value: Json, rule: QueryRule): readonly string[] {
  const flat = flatten(JSON.stringify(value), rule.argument);
  return flat?.kind === "one" ? expandQuery(flat.text, rule) : [];
}

/** Made again for other reserved names; whoever builds many requests hands over the same list. */
function planOf(operation: ApiOperation, reserved: readonly string[]): readonly QueryPlan[] {
  const known = plans.get(operation);
  if (known?.reserved === reserved) return known.rules;
  const parameters = operation.parameters.filter((parameter) => parameter.in === "query");
  const secret = new Set(reserved.map(parameterKey));
  for (const { name } of parameters) {
    if (secret.has(parameterKey(name)) || isMethodOverride(name)) wrongName();
  }
  const rules = parameters.map((parameter) => ({
    ...parameter,
    taken: new Set([
      ...secret,
      ...parameters.filter((other) => other !== parameter).map(({ name }) => parameterKey(name)),
    ]),
  }));
  plans.set(operation, { reserved, rules });
  return rules;
}

/** The operation is wrong, not the call. */
function wrongName(): never {
  throw new CallError("internal", undefined, {
    detail: "A query parameter has a name that is not sent.",
    rule: "request/query",
  });
}
