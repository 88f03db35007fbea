// Compiles what our events need of the official schema into facts. For a newer release, check that one out and run:
//   node packages/audit/test/export/ocsf/compile-facts.ts CHECKOUT "COMMIT" > packages/audit/test/export/ocsf/facts-VERSION.json
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attribute, DataType, Entity, Facts } from "./facts.ts";

const [, , checkout = ".", commit = "unknown commit"] = process.argv;

/** The objects that `toOcsf` fills. */
const USED = [
  "actor",
  "api",
  "idp",
  "metadata",
  "network_endpoint",
  "object",
  "policy",
  "product",
  "request",
  "resource_details",
  "response",
  "service",
  "trace",
  "user",
];

interface RawAttribute {
  readonly type?: string;
  readonly is_array?: boolean;
  readonly requirement?: Attribute["requirement"];
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  readonly sibling?: string;
  readonly profile?: string | null;
  readonly "@deprecated"?: unknown;
}

interface Raw {
  readonly name: string;
  readonly caption: string;
  readonly uid?: number;
  readonly extends?: string;
  readonly constraints?: Entity["constraints"];
  readonly attributes: Readonly<Record<string, RawAttribute>> & { readonly $include?: readonly string[] };
}

const read = <T>(path: string): T => JSON.parse(readFileSync(join(checkout, path), "utf8")) as T;

const dictionary = read<{
  readonly attributes: Readonly<Record<string, RawAttribute>>;
  readonly types: { readonly attributes: Readonly<Record<string, RawType>> };
}>("dictionary.json");
interface RawType {
  readonly type?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

/** Attributes of a definition and of all it extends and includes; the nearer one wins, field by field. */
function gather(raw: Raw, parent: (name: string) => Raw): Record<string, RawAttribute> {
  const found = raw.extends === undefined ? {} : gather(parent(raw.extends), parent);
  const { $include = [], ...own } = raw.attributes;
  for (const path of $include) {
    const profile = read<Raw>(path);
    for (const [name, attribute] of Object.entries(profile.attributes)) {
      found[name] = { ...found[name], profile: profile.name, ...attribute };
    }
  }
  for (const [name, attribute] of Object.entries(own as Record<string, RawAttribute>)) {
    const names = { ...found[name]?.enum, ...attribute.enum };
    found[name] = { ...found[name], ...attribute, ...(Object.keys(names).length > 0 ? { enum: names } : {}) };
  }
  return found;
}

function compile(raw: Raw, parent: (name: string) => Raw): Entity {
  const attributes: Record<string, Attribute> = {};
  for (const [name, own] of Object.entries(gather(raw, parent)).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const known = dictionary.attributes[name];
    const merged = { ...known, ...own };
    const names = { ...known?.enum, ...own.enum };
    attributes[name] = {
      type: merged.type ?? "unknown",
      ...(merged.is_array ? { array: true } : {}),
      requirement: merged.requirement ?? "optional",
      ...(Object.keys(names).length > 0
        ? { enum: Object.fromEntries(Object.entries(names).map(([id, { caption }]) => [id, caption])) }
        : {}),
      ...(merged.sibling === undefined ? {} : { sibling: merged.sibling }),
      ...(typeof merged.profile === "string" ? { profile: merged.profile } : {}),
      ...(merged["@deprecated"] === undefined ? {} : { deprecated: true }),
    };
  }
  const constraints = constraintsOf(raw, parent);
  return { attributes, ...(constraints === undefined ? {} : { constraints }) };
}

function constraintsOf(raw: Raw, parent: (name: string) => Raw): Entity["constraints"] {
  return raw.constraints ?? (raw.extends === undefined ? undefined : constraintsOf(parent(raw.extends), parent));
}

const object = (name: string): Raw => read(`objects/${name}.json`);
const event = (name: string): Raw =>
  read(name === "application" ? "events/application/application.json" : "events/base_event.json");

const raw = read<Raw>("events/application/api_activity.json");
const category = read<{
  readonly attributes: Readonly<Record<string, { readonly uid: number; readonly caption: string }>>;
}>("categories.json").attributes["application"]!;
const { version } = read<{ readonly version: string }>("version.json");

const types: Record<string, DataType> = {};
for (const [name, { type, max_len, range }] of Object.entries(dictionary.types.attributes)) {
  types[name] = {
    ...(type === undefined ? {} : { base: type }),
    ...(max_len === undefined ? {} : { maxLength: max_len }),
    ...(range === undefined ? {} : { range }),
  };
}

const uid = category.uid * 1000 + (raw.uid ?? 0);
const { attributes, ...constraints } = compile(raw, event);
const only = (name: string, names: Readonly<Record<string, string>>) => ({
  [name]: { ...attributes[name]!, enum: names },
});
/** The schema leaves these to be computed from the numbers of category, class and activity. */
const computed = {
  ...only("category_uid", { [category.uid]: category.caption }),
  ...only("class_uid", { [uid]: raw.caption }),
  ...only(
    "type_uid",
    Object.fromEntries(
      Object.entries(attributes["activity_id"]?.enum ?? {}).map(([id, name]) => [
        uid * 100 + Number(id),
        `${raw.caption}: ${name}`,
      ]),
    ),
  ),
};

const facts: Facts = {
  source: `github.com/ocsf/ocsf-schema, tag ${version}, commit ${commit} (Apache-2.0)`,
  version,
  class: { attributes: { ...attributes, ...computed }, ...constraints },
  objects: Object.fromEntries(USED.map((name) => [name, compile(object(name), object)])),
  types,
};
process.stdout.write(`${JSON.stringify(facts)}\n`);
