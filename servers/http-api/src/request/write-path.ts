import type { Json } from "../model/json-schema.ts";
import type { ApiOperation, ApiParameter } from "../model/operation.ts";
import { argumentOf } from "./argument-of.ts";
import { checkSegment } from "./check-segment.ts";
import { expandPath } from "./expand-path.ts";
import { flatten } from "./flatten.ts";
import { pathPlan, type SegmentPlan } from "./path-plan.ts";
import { refuseArgument } from "./refuse-argument.ts";

/**
 * The path below the base, with every value inside of its own segment.
 *
 * @returns encoded segments, in order
 * @throws {CallError} `invalid_input` a value that could leave its segment
 */
export function writePath(operation: ApiOperation, args: Readonly<Record<string, Json>>): readonly string[] {
  return pathPlan(operation).map((plan) => writeSegment(plan, args, operation.slashes));
}

function writeSegment(
  plan: SegmentPlan,
  args: Readonly<Record<string, Json>>,
  slashes: ApiOperation["slashes"],
): string {
  const parameters = plan.filter((piece) => typeof piece !== "string");
  const segment = plan.map((piece) => (typeof piece === "string" ? piece : writeValue(piece, args))).join("");
  const first = parameters[0];
  if (first === undefined) return segment;
  const matrix = parameters.some(({ style }) => style === "matrix");
  checkSegment(decodeURIComponent(segment), first.argument, { slashes, matrix });
  return segment;
}

function writeValue(parameter: ApiParameter, args: Readonly<Record<string, Json>>): string {
  const { argument, asJson } = parameter;
  const value = argumentOf(args, argument);
  const flat = value === undefined ? undefined : flatten(asJson ? JSON.stringify(value) : value, argument);
  if (flat === undefined) refuseArgument(argument, "has no value, and the path needs one.", "path_empty");
  return expandPath(parameter, flat);
}
