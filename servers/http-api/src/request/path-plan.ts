import { CallError } from "@hardened-mcp/server";
import type { ApiOperation, ApiParameter } from "../model/operation.ts";

/** A segment of a template: text as it stands, and parameters. */
export type SegmentPlan = readonly (string | ApiParameter)[];

const plans = new WeakMap<ApiOperation, readonly SegmentPlan[]>();

/** The segments of an operation's path template after its first slash; taken apart once. */
export function pathPlan(operation: ApiOperation): readonly SegmentPlan[] {
  const known = plans.get(operation);
  if (known !== undefined) return known;
  const plan = operation.path
    .slice(1)
    .split("/")
    .map((segment) => planSegment(segment, operation));
  plans.set(operation, plan);
  return plan;
}

function planSegment(segment: string, operation: ApiOperation): SegmentPlan {
  return segment
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("{") ? parameterOf(piece.slice(1, -1), operation) : literal(piece)));
}

function parameterOf(name: string, { parameters, id }: ApiOperation): ApiParameter {
  const found = parameters.find((parameter) => parameter.in === "path" && parameter.name === name);
  if (found === undefined) {
    throw new CallError("internal", undefined, {
      detail: `The path of ${id} has a name without a parameter.`,
      rule: "request/template",
    });
  }
  return found;
}

/** As the URL parser would write it (WHATWG URL, path percent-encode set), so that what is written and what it reads can be compared. */
function literal(text: string): string {
  return text.replaceAll(/[^!$&'()*+,\-./0-9:;=@A-Z_a-z~%|[\]]/g, (character) => encodeURIComponent(character));
}
