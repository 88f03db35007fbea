import type { Logger } from "pino";
import type { z } from "zod";
import { refuse } from "../errors/call-error.ts";
import type { Operation } from "../operation.ts";

/**
 * The output as its schema knows it. Keys that the schema does not declare are cut off, also where it is strict: a field
 * that slipped in must not leave, and must not fail the call either. Anything else that does not fit is our fault.
 */
export function parseOutput(log: Logger, ref: string, operation: Operation, output: unknown): unknown {
  const schema = operation.output;
  if (schema === undefined) return output;
  const parsed = schema.safeParse(output);
  if (parsed.success) return parsed.data;
  const undeclared = parsed.error.issues.filter((issue) => issue.code === "unrecognized_keys");
  if (undeclared.length === parsed.error.issues.length) {
    const again = schema.safeParse(without(output, undeclared));
    if (again.success) {
      log.warn(
        { ref, tool: operation.target.name, keys: undeclared.flatMap((issue) => issue.keys) },
        "undeclared output keys were cut off",
      );
      return again.data;
    }
  }
  refuse("internal", undefined, { cause: parsed.error, rule: "output_schema" });
}

function without(output: unknown, undeclared: readonly z.core.$ZodIssueUnrecognizedKeys[]): unknown {
  const copy: unknown = structuredClone(output);
  for (const issue of undeclared) {
    let at = copy;
    for (const key of issue.path) at = (at as Record<PropertyKey, unknown>)[key];
    for (const key of issue.keys) delete (at as Record<string, unknown>)[key];
  }
  return copy;
}
