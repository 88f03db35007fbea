import { modern } from "./dialect.ts";
import { SAME_VALUE_LISTS } from "./keywords.ts";
import type { Pattern } from "./patterns.ts";
import { type Dialect, isNode, isSchema, own, type SchemaNode } from "./words.ts";

/** What one schema, without those it refers to, says about the keys and elements of a value. */
export interface Part {
  readonly properties: SchemaNode;
  readonly patterned: readonly (readonly [Pattern, unknown])[];
  /** For keys that are not declared. */
  readonly extra: readonly unknown[];
  readonly prefix: readonly unknown[];
  readonly items: readonly unknown[];
  readonly type: unknown;
  /** Whether it declares no key. */
  readonly isFree: boolean;
  /** Further schemas for the same value. */
  readonly same: readonly unknown[];
}

/** Reads schemas, each once: there are no more of them than the document has. */
export function createParts(options: {
  readonly dialect: Dialect;
  readonly patterns: (source: string) => Pattern | undefined;
}): (schema: SchemaNode) => Part {
  const parts = new WeakMap<SchemaNode, Part>();
  return (schema) => {
    const part = parts.get(schema) ?? read(modern(schema, options.dialect), options.patterns);
    parts.set(schema, part);
    return part;
  };
}

function read(node: SchemaNode, patterns: (source: string) => Pattern | undefined): Part {
  const properties = own(node, "properties");
  const patterned = entriesOf(own(node, "patternProperties")).flatMap(([source, one]) => {
    const pattern = patterns(source);
    return pattern === undefined ? [] : [[pattern, one] as const];
  });
  const declared = isNode(properties) ? properties : {};
  return {
    properties: declared,
    patterned,
    extra: ["additionalProperties", "unevaluatedProperties"]
      .map((keyword) => own(node, keyword))
      .filter((value) => isSchema(value) && value !== false),
    prefix: listOf(own(node, "prefixItems")),
    items: isSchema(own(node, "items")) ? [own(node, "items")] : [],
    type: own(node, "type"),
    isFree: Object.keys(declared).length === 0 && patterned.length === 0,
    same: [...SAME_VALUE_LISTS.flatMap((keyword) => listOf(own(node, keyword))), own(node, "then"), own(node, "else")],
  };
}

/** Without any type, what else the schemas say decides. */
export function isTypedAs(type: "object" | "array", parts: readonly Part[], isOther: boolean): boolean {
  const types = parts.map((part) => part.type).filter((one) => one !== undefined);
  if (types.length === 0) return !isOther;
  return types.some((one) => one === type || (Array.isArray(one) && one.includes(type)));
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isNode(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
