import type { JsonSchema } from "../model/json-schema.ts";
import type { Conversion, Shape } from "./conversion.ts";
import { convert } from "./convert.ts";
import { deref } from "./refs.ts";
import { isNode, own, put, type SchemaNode } from "./words.ts";

/** How much of a schema is told. The first that fits the budget is taken. */
const TELLINGS: readonly Telling[] = [
  { depth: 24, texts: true, choices: 1000 },
  { depth: 24, texts: false, choices: 1000 },
  { depth: 8, texts: false, choices: 100 },
  { depth: 5, texts: false, choices: 50 },
  { depth: 3, texts: false, choices: 20 },
  { depth: 2, texts: false, choices: 20 },
  { depth: 1, texts: false, choices: 20 },
];

interface Telling {
  readonly depth: number;
  readonly texts: boolean;
  readonly choices: number;
}

class TooLong extends Error {
  override readonly name = "TooLong";
}

export interface ListOptions extends Pick<Conversion, "root" | "dialect" | "patterns" | "isName"> {
  /** Characters of one schema as JSON, roughly. */
  readonly budget: number;
  /** A text of the document that a model may read, or nothing. */
  readonly text: (text: unknown, isTitle: boolean) => string | undefined;
  /** Whether a model may read a name, a choice or a pattern. */
  readonly isShown: (text: string) => boolean;
}

/**
 * A schema as a model sees it: references written out, a circle cut where it closes, and no longer than the budget. Too long, it loses first
 * its descriptions, then its inner levels. What was cut is `{}` or a bare type: the check holds all the same, and its messages tell the rest.
 */
export function createListing(options: ListOptions): (schema: JsonSchema) => { readonly [keyword: string]: unknown } {
  const known = new WeakMap<SchemaNode, SchemaNode>();
  return (schema) => {
    // Bodies of many operations are the same schema, by reference.
    const target = Object.keys(schema).length === 1 ? deref(options.root, schema) : schema;
    if (!isNode(target)) return target === true ? {} : { not: {} };
    const made = known.get(target) ?? listOne(target, options);
    known.set(target, made);
    return made;
  };
}

function listOne(schema: SchemaNode, options: ListOptions): SchemaNode {
  for (const telling of TELLINGS) {
    try {
      const made = tell(schema, telling, options);
      return isNode(made) ? made : made ? {} : { not: {} };
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
  }
  return typeOf(schema);
}

function tell(schema: JsonSchema, telling: Telling, options: ListOptions): JsonSchema {
  const within: SchemaNode[] = isNode(schema) ? [schema] : [];
  let left = options.budget;
  let depth = 0;

  function spend(value: unknown): void {
    left -= sizeOf(value);
    if (left < 0) throw new TooLong("too long");
  }

  const conversion: Conversion = {
    ...options,
    side: "input",
    refer(target, shape) {
      if (within.includes(target)) return typeOf(target);
      within.push(target);
      const made = convert(target, shape, conversion);
      within.pop();
      return made;
    },
    visit(node, shape, go) {
      // Also what is thrown away below costs time: 64 levels of two references each are 2^64 schemas.
      spend("{},");
      if (depth >= telling.depth) return typeOf(node);
      depth++;
      const made = trim(go(), node, shape, telling, options);
      depth--;
      for (const [keyword, value] of Object.entries(made)) {
        spend(keyword);
        if (!SPENT.has(keyword)) spend(value);
        if (keyword === "properties" && isNode(value)) for (const name of Object.keys(value)) spend(name);
      }
      return made;
    },
  };
  return convert(schema, "closed", conversion);
}

const KEYED: ReadonlySet<string> = new Set(["patternProperties", "dependentSchemas"]);

/** Keywords whose schemas have been counted where they were made. */
const SPENT: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "items",
  "prefixItems",
  "contains",
  "propertyNames",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
]);

function trim(
  made: SchemaNode,
  node: SchemaNode,
  shape: Shape,
  telling: Telling,
  options: ListOptions,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (telling.texts) {
    const title = options.text(own(node, "title"), true);
    const description = options.text(own(node, "description"), false);
    if (title !== undefined) out["title"] = title;
    if (description !== undefined) out["description"] = description;
  }
  for (const [keyword, value] of Object.entries(made)) {
    if (keyword === "properties" && isNode(value)) {
      const shown: Record<string, unknown> = {};
      // `false` is how a key that is not for requests is refused; a model need not know of it.
      for (const [name, one] of Object.entries(value)) if (one !== false) put(shown, name, one);
      out[keyword] = shown;
    } else if (KEYED.has(keyword) && isNode(value)) {
      // Of a pattern that cannot be read the check knows all the same.
      const shown = Object.entries(value).filter(([key]) => options.isShown(key));
      if (shown.length > 0) out[keyword] = Object.fromEntries(shown);
    } else if (keyword === "enum" && Array.isArray(value)) {
      const shown = value.filter((one) => isClean(one, options));
      if (shown.length > 0 && value.length <= telling.choices) out[keyword] = shown;
    } else if (isClean(value, options) || SPENT.has(keyword)) out[keyword] = value;
  }
  const fallback = own(node, "default");
  if (telling.texts && shape !== "plain" && isScalar(fallback) && isClean(fallback, options)) out["default"] = fallback;
  return out;
}

/** What is left of a schema that is not told. */
function typeOf(node: SchemaNode): SchemaNode {
  const type = own(node, "type");
  return typeof type === "string" && type !== "file" ? { type } : {};
}

/** A model reads choices and defaults, too, and their keys. */
function isClean(value: unknown, options: Pick<ListOptions, "isShown">): boolean {
  if (typeof value === "string") return options.isShown(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, one]) => options.isShown(key) && isClean(one, options));
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function sizeOf(value: unknown): number {
  return typeof value === "string" ? value.length + 4 : (JSON.stringify(value)?.length ?? 0);
}
