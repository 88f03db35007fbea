import type { ErrorObject } from "ajv";
import { isReadable } from "../document/text/readable.ts";
import type { Json, SchemaIssue } from "../model/json-schema.ts";

/** A model reads a few, and corrects them one after the other. */
const MAX_ISSUES = 5;
const MAX_CHOICES = 10;
const MAX_WORD = 64;

type Params = Readonly<Record<string, unknown>>;

/** By keyword. Limits come from the schema; nothing comes from the value. */
const MESSAGES: Readonly<Record<string, (params: Params) => string>> = {
  type: ({ type }) => `must be ${aOrAn(Array.isArray(type) ? type.join(" or ") : String(type))}`,
  enum: ({ allowedValues }) => `must be one of ${choices(allowedValues)}`,
  const: ({ allowedValue }) => `must be ${choices([allowedValue])}`,
  minLength: ({ limit }) => `must have at least ${limit} characters`,
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
  minItems: ({ limit }) => `must have at least ${limit} elements`,
  maxItems: ({ limit }) => `must have at most ${limit} elements`,
  minProperties: ({ limit }) => `must have at least ${limit} keys`,
  maxProperties: ({ limit }) => `must have at most ${limit} keys`,
  minimum: ({ limit }) => `must be ${limit} or more`,
  maximum: ({ limit }) => `must be ${limit} or less`,
  exclusiveMinimum: ({ limit }) => `must be more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${limit}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  pattern: () => "does not have the form that its pattern asks for",
  format: ({ format }) => `must have the format ${format}`,
  required: ({ missingProperty }) => `must have the key ${word(missingProperty)}`,
  dependentRequired: ({ missingProperty }) => `must have the key ${word(missingProperty)} too`,
  uniqueItems: () => "must not have two equal elements",
  contains: ({ minContains }) => `must have at least ${minContains ?? 1} elements of the kind asked for`,
  anyOf: () => "fits none of the forms it may have",
  oneOf: ({ passingSchemas }) =>
    Array.isArray(passingSchemas)
      ? "fits more than one of the forms it may have"
      : "fits none of the forms it may have",
  not: () => "has a form that it must not have",
  undeclared: () => "has a key that is not declared",
  "false schema": () => "must not be there",
  propertyNames: () => "has a key whose name is not allowed",
};

/** Keywords of which the error at the alternative says enough, or that are ours. */
const UNDECLARED: ReadonlySet<string> = new Set(["additionalProperties", "unevaluatedProperties"]);

/** Says what is wrong in our words: limits and declared names, nothing of the value. */
export function issuesOf(
  errors: readonly ErrorObject[],
  value: Json,
  isDeclared: (name: string) => boolean,
): readonly SchemaIssue[] {
  const issues = new Map<string, SchemaIssue>();
  for (const { keyword, instancePath, params } of errors) {
    if (issues.size === MAX_ISSUES) break;
    if (keyword === "if") continue;
    const rule = UNDECLARED.has(keyword) ? "undeclared" : keyword;
    const message = MESSAGES[rule]?.(params as Params) ?? "does not fit its schema";
    const path = pathOf(instancePath, value, isDeclared);
    issues.set(`${path.join("/")} ${message}`, { path, rule: rule === "false schema" ? "undeclared" : rule, message });
  }
  return issues.size > 0 ? [...issues.values()] : [{ path: [], rule: "schema", message: "does not fit its schema" }];
}

/** Keys that a caller made up are `*`: a value must not come back as a path. */
function pathOf(pointer: string, value: Json, isDeclared: (name: string) => boolean): readonly (string | number)[] {
  const path: (string | number)[] = [];
  let at: unknown = value;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(at) ? Number(key) : isDeclared(key) ? word(key) : "*");
    at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  }
  return path;
}

function choices(values: unknown): string {
  const list = (Array.isArray(values) ? values : []).filter((one) => typeof one !== "string" || isReadable(one));
  if (list.length === 0) return "what its schema lists";
  const shown = list.slice(0, MAX_CHOICES).map((one) => word(typeof one === "string" ? one : JSON.stringify(one)));
  return shown.join(", ") + (list.length > MAX_CHOICES ? ", ..." : "");
}

/** Words of a document, in our sentence. */
function word(text: unknown): string {
  const plain = String(text).replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "");
  // What a listing does not show, a refusal does not tell either.
  if (!isReadable(String(text))) return "(not shown)";
  return plain.length > MAX_WORD ? `${plain.slice(0, MAX_WORD)}...` : plain;
}

function aOrAn(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : type === "null" ? type : `a ${type}`;
}
