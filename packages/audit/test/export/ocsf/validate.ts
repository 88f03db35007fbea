import { isIP } from "node:net";
import type { Attribute, Entity, Facts } from "./facts.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with an event, one entry each, by its path; empty: it fits the schema. */
export function validateOcsf(facts: Facts, event: unknown): readonly string[] {
  if (!isObject(event)) return ["event: not an object"];
  const metadata = isObject(event["metadata"]) ? event["metadata"] : {};
  const named = Array.isArray(metadata["profiles"]) ? metadata["profiles"] : [];
  const known = profilesOf(facts.class);
  const errors = named
    .filter((profile) => !known.has(profile))
    .map((profile) => `profile ${profile}: not of this class`);
  errors.push(...entity(facts, facts.class, event, "event", new Set(named)));
  if (metadata["version"] !== facts.version) errors.push(`event.metadata.version: not ${facts.version}`);
  if (event["type_uid"] !== Number(event["class_uid"]) * 100 + Number(event["activity_id"])) {
    errors.push("event.type_uid: not the class and the activity");
  }
  return errors;
}

function profilesOf({ attributes }: Entity): ReadonlySet<unknown> {
  return new Set(Object.values(attributes).flatMap(({ profile }) => profile ?? []));
}

function entity(facts: Facts, of: Entity, value: Json, path: string, profiles: ReadonlySet<unknown>): string[] {
  const errors: string[] = [];
  for (const [name, attribute] of Object.entries(of.attributes)) {
    const isOff = attribute.profile !== undefined && !profiles.has(attribute.profile);
    if (attribute.requirement === "required" && !isOff && value[name] === undefined) {
      errors.push(`${path}.${name}: missing`);
    }
  }
  for (const [name, field] of Object.entries(value)) {
    const at = `${path}.${name}`;
    const attribute = Object.hasOwn(of.attributes, name) ? of.attributes[name] : undefined;
    if (attribute === undefined) errors.push(`${at}: unknown`);
    else if (attribute.profile !== undefined && !profiles.has(attribute.profile)) {
      errors.push(`${at}: of profile ${attribute.profile}, which the event does not name`);
    } else
      errors.push(
        ...attributeErrors(facts, attribute, field, at, profiles),
        ...siblingErrors(attribute, name, value, path),
      );
  }
  for (const [rule, names] of Object.entries(of.constraints ?? {})) {
    const count = names.filter((name) => value[name] !== undefined).length;
    if (rule === "at_least_one" ? count < 1 : count !== 1) errors.push(`${path}: ${rule} of ${names.join(", ")}`);
  }
  return errors;
}

function attributeErrors(
  facts: Facts,
  attribute: Attribute,
  value: unknown,
  path: string,
  profiles: ReadonlySet<unknown>,
): string[] {
  if (attribute.deprecated) return [`${path}: deprecated`];
  if (!attribute.array) return valueErrors(facts, attribute, value, path, profiles);
  if (!Array.isArray(value)) return [`${path}: not a list`];
  return value.flatMap((one, index) => valueErrors(facts, attribute, one, `${path}[${index}]`, profiles));
}

function valueErrors(
  facts: Facts,
  { type, enum: names }: Attribute,
  value: unknown,
  path: string,
  profiles: ReadonlySet<unknown>,
): string[] {
  if (Object.hasOwn(facts.types, type)) {
    if (!isOfType(facts, type, value)) return [`${path}: not ${type}`];
    return names !== undefined && !Object.hasOwn(names, String(value))
      ? [`${path}: ${String(value)} is not in the list`]
      : [];
  }
  if (!isObject(value)) return [`${path}: not an object`];
  // The bare object has no attributes of its own: any may stand in it.
  if (type === "object") return [];
  const of = facts.objects[type];
  return of === undefined ? [`${path}: ${type} is not among the facts`] : entity(facts, of, value, path, profiles);
}

/** A number and the word beside it say the same; 99 means that the word says it alone. */
function siblingErrors({ enum: names, sibling }: Attribute, name: string, value: Json, path: string): string[] {
  if (names === undefined || sibling === undefined) return [];
  const word = value[sibling];
  if (value[name] === 99) return word === undefined ? [`${path}.${sibling}: missing beside 99`] : [];
  return word === undefined || word === names[String(value[name])] ? [] : [`${path}.${sibling}: not what ${name} says`];
}

function isOfType(facts: Facts, type: string, value: unknown): boolean {
  const { base, maxLength, range } = facts.types[type] ?? {};
  switch (type) {
    case "json_t":
      return value !== undefined;
    case "boolean_t":
      return typeof value === "boolean";
    case "float_t":
      return Number.isFinite(value);
    case "integer_t":
    case "long_t":
      return Number.isSafeInteger(value);
    case "string_t":
      return typeof value === "string";
    default:
  }
  if (base === undefined || !isOfType(facts, base, value)) return false;
  if (maxLength !== undefined && String(value).length > maxLength) return false;
  if (range !== undefined && (Number(value) < range[0] || Number(value) > range[1])) return false;
  if (type === "ip_t") return isIP(String(value)) !== 0;
  return true;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
