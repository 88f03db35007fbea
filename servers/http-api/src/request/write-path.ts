import type { Json } from "../model/json-schema.ts";
import type { ApiOperation, ApiParameter } from "../model/operation.ts";
import { argumentOf } from "./argument-of.ts";
import { expandPath } from "./expand-path.ts";
import { type Flat, flatten } from "./flatten.ts";
import { pathPlan, type SegmentPlan } from "./path-plan.ts";
import { checkPathValue, isDots, isFolded } from "./path-value.ts";
import { refuseArgument } from "./refuse-argument.ts";

export type Slashes = "refuse" | "encode";

/**
 * The path below the base, with every value inside of its own segment.
 *
 * @returns encoded segments, in order
 * @throws {CallError} `invalid_input` a value that could leave its segment
 */
export function writePath(
  operation: ApiOperation,
  args: Readonly<Record<string, Json>>,
  slashes: Slashes,
): readonly string[] {
  return pathPlan(operation).map((plan) => writeSegment(plan, args, slashes));
}

function writeSegment(plan: SegmentPlan, args: Readonly<Record<string, Json>>, slashes: Slashes): string {
  const only = plan[0];
  if (plan.length === 1 && typeof only === "string") return only;
  const parameters = plan.filter((piece) => typeof piece !== "string");
  const segment = plan.map((piece) => (typeof piece === "string" ? piece : writeValue(piece, args, slashes))).join("");
  // Harmless pieces can make a harmful whole: `{a}{b}` of two dots, or a dot in label style, which writes its own before it.
  const decoded = decodeURIComponent(segment);
  const climbs = parameters.some(({ style }) => style === "matrix") ? isDots(decoded) : isFolded(decoded);
  if (climbs && parameters[0] !== undefined) {
    refuseArgument(
      parameters[0].argument,
      "would be an empty or a dot segment of the path, which leads elsewhere.",
      "path_dots",
    );
  }
  return segment;
}

function writeValue(parameter: ApiParameter, args: Readonly<Record<string, Json>>, slashes: Slashes): string {
  const { argument } = parameter;
  const value = argumentOf(args, argument);
  const flat = value === undefined ? undefined : flattened(value, parameter);
  if (flat === undefined) refuseArgument(argument, "has no value, and the path needs one.", "path_empty");
  for (const part of partsOf(flat)) checkPathValue(part, argument, slashes);
  return expandPath(parameter, flat);
}

function flattened(value: Json, { argument, asJson }: ApiParameter): Flat | undefined {
  return flatten(asJson ? JSON.stringify(value) : value, argument);
}

function partsOf(flat: Flat): readonly string[] {
  if (flat.kind === "one") return [flat.text];
  return flat.kind === "list" ? flat.items : flat.entries.flat();
}
