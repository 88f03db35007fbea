import type { SqlParam } from "@hardened-mcp/safe-sql";
import { z } from "zod";
import type { ParamConfig, QueryConfig } from "../config/query-schema.ts";

/** The arguments of a saved query, one for each parameter, as strict as its configuration says. */
export function inputOf({ params }: QueryConfig): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, argumentOf(param)]));
}

function argumentOf(param: ParamConfig): z.ZodType {
  const described = param.description === undefined ? schemaOf(param) : schemaOf(param).describe(param.description);
  if (param.default !== undefined) return described.default(param.default);
  return param.optional ? described.optional() : described;
}

function schemaOf(param: ParamConfig): z.ZodType {
  switch (param.type) {
    case "string":
      return param.enum === undefined ? z.string().max(param.maxLength) : z.enum(param.enum as [string, ...string[]]);
    case "integer":
    case "number": {
      const base = param.type === "integer" ? z.int() : z.number();
      return base.min(param.min ?? Number.MIN_SAFE_INTEGER).max(param.max ?? Number.MAX_SAFE_INTEGER);
    }
    case "boolean":
      return z.boolean();
    case "date":
      return z.iso.date();
    case "timestamp":
      return z.iso.datetime({ offset: true });
  }
}

/**
 * What is wrong with the parameters themselves: a default goes to the database as it is, past everything that a caller's value is
 * held against.
 */
export function faultIn({ params }: Pick<QueryConfig, "params">): string | undefined {
  for (const [name, param] of Object.entries(params)) {
    if (param.type === "integer" || param.type === "number") {
      if ((param.min ?? Number.NEGATIVE_INFINITY) > (param.max ?? Number.POSITIVE_INFINITY)) {
        return `params.${name}: min is greater than max.`;
      }
    }
    if (param.default !== undefined && !schemaOf(param).safeParse(param.default).success) {
      return `params.${name}: the default is no value that a caller could send.`;
    }
  }
  return undefined;
}

/** The arguments in the order of the parameters; what was left out is NULL. */
export function boundParams({ params }: QueryConfig, args: Readonly<Record<string, unknown>>): readonly SqlParam[] {
  return Object.keys(params).map((name) => (args[name] ?? null) as SqlParam);
}

const SAMPLES = {
  string: "",
  integer: 0,
  number: 0,
  boolean: false,
  date: "2000-01-01",
  timestamp: "2000-01-01T00:00:00Z",
} as const satisfies Readonly<Record<ParamConfig["type"], SqlParam>>;

/** A value for each parameter, good enough to compile the statement with. */
export function sampleParams({ params }: QueryConfig): readonly SqlParam[] {
  return Object.values(params).map((param) => {
    if (param.default !== undefined) return param.default;
    if (param.type === "string" && param.enum !== undefined) return param.enum[0] ?? "";
    if ((param.type === "integer" || param.type === "number") && param.min !== undefined) return param.min;
    return SAMPLES[param.type];
  });
}
