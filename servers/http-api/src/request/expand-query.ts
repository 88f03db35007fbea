import type { Json } from "../model/json-schema.ts";
import type { ParameterStyle } from "../model/operation.ts";
import { joined } from "./expand-path.ts";
import { type Flat, flatten, isList, textOf, wellFormed } from "./flatten.ts";
import { encode, encodeButReserved } from "./percent.ts";
import { refuseArgument } from "./refuse-argument.ts";
import { isMethodOverride, parameterKey } from "./reserved-names.ts";

/** How one value of a query, or of a form body, is written. */
export interface QueryRule {
  readonly argument: string;
  /** On the wire. */
  readonly name: string;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  /** {@link parameterKey} of names that keys of an exploded object must not take: those of other parameters, and of credentials. */
  readonly taken: ReadonlySet<string>;
}

const DELIMITERS = { spaceDelimited: [" ", "%20"], pipeDelimited: ["|", "%7C"] } as const;

/**
 * `name=value` pairs, encoded; none where the value is null or empty of members.
 *
 * @throws {CallError} a value that would read as several, or as another parameter
 */
export function expandQuery(value: Json, rule: QueryRule): readonly string[] {
  if (rule.style === "deepObject" && value !== null && typeof value === "object") {
    return deep(encode(rule.name), value, rule);
  }
  const flat = flatten(value, rule.argument);
  return flat === undefined ? [] : pairs(flat, rule);
}

function pairs(flat: Flat, rule: QueryRule): readonly string[] {
  const { style, explode } = rule;
  const name = encode(rule.name);
  const write = rule.allowReserved ? encodeButReserved : encode;
  if (flat.kind === "one") return [`${name}=${write(flat.text)}`];
  if (explode) {
    if (flat.kind === "list") return flat.items.map((item) => `${name}=${write(item)}`);
    for (const [key] of flat.entries) if (rule.taken.has(parameterKey(key)) || isMethodOverride(key)) refuseKey(rule);
    return flat.entries.map(([key, item]) => `${encode(key)}=${write(item)}`);
  }
  if (style === "spaceDelimited" || style === "pipeDelimited") {
    const [raw, escaped] = DELIMITERS[style];
    // Encoded or not, the delimiter inside of a value cannot be told from the one between two.
    refuseInside(flat, raw, rule);
    return [`${name}=${joined(flat, false, escaped, write)}`];
  }
  // With allowReserved a comma is not encoded, so it would begin a new element.
  if (rule.allowReserved) refuseInside(flat, ",", rule);
  return [`${name}=${joined(flat, false, ",", write)}`];
}

/** `name[key]=value`, and `name[key][inner]`, `name[0]` below it, which OpenAPI leaves open and servers read like this. */
function deep(prefix: string, value: Json, rule: QueryRule): readonly string[] {
  if (value === null) return [];
  if (typeof value !== "object") {
    const write = rule.allowReserved ? encodeButReserved : encode;
    return [`${prefix}=${write(textOf(value, rule.argument))}`];
  }
  const members = isList(value) ? value.map((item, at) => [String(at), item] as const) : Object.entries(value);
  return members.flatMap(([key, member]) => {
    // `a[b][role]` as one key would be read as two.
    if (/[[\]]/.test(key)) refuseKey(rule);
    return deep(`${prefix}%5B${encode(wellFormed(key, rule.argument))}%5D`, member, rule);
  });
}

function refuseInside(flat: Flat, delimiter: string, { argument }: QueryRule): void {
  const parts = flat.kind === "list" ? flat.items : flat.kind === "map" ? flat.entries.flat() : [];
  if (parts.some((part) => part.includes(delimiter))) {
    refuseArgument(argument, "holds the character that separates its elements.", "delimiter");
  }
}

/** @throws {CallError} `invalid_input` */
export function refuseKey({ argument }: Pick<QueryRule, "argument">): never {
  refuseArgument(argument, "has a key that would be read as another parameter.", "key");
}
