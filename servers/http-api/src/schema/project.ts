import type { Json, JsonSchema } from "../model/json-schema.ts";
import { isFlagged, modern } from "./dialect.ts";
import { SAME_VALUE_LISTS } from "./keywords.ts";
import type { Pattern } from "./patterns.ts";
import { deref, lookUp } from "./refs.ts";
import { type Dialect, isNode, isSchema, own, put, type SchemaNode } from "./words.ts";

/** What a set of schemas for one value says about the keys and elements of that value. */
interface Plan {
  readonly declared: ReadonlyMap<string, readonly unknown[]>;
  readonly patterned: readonly (readonly [Pattern, unknown])[];
  /** Schemas for keys that are not declared; `undefined`: such keys are cut. */
  readonly extra: readonly unknown[] | undefined;
  readonly prefix: readonly (readonly unknown[])[];
  readonly items: readonly unknown[];
  /** What {@link declared} keys have come to. */
  readonly known: Map<string, readonly unknown[] | undefined>;
  readonly holdsObject: boolean;
  readonly holdsArray: boolean;
}

export interface ProjectOptions {
  readonly root: unknown;
  readonly dialect: Dialect;
  readonly undeclared: "drop" | "keep";
  readonly patterns: (source: string) => Pattern | undefined;
}

/**
 * An answer without `writeOnly` keys and, with `drop`, without keys that no schema for that place declares. Alternatives count
 * together: a key that any of them declares stays. An object or array where the schemas want something else becomes `null`: whatever is in
 * it, nobody declared it.
 *
 * What loses nothing is returned as it is, and no part of what is given changes: most answers fit, and a copy of 100 KiB is work for the
 * collector too.
 *
 * Own code, since ajv's `removeAdditional` cuts what the second of two alternatives declares (ajv documentation, "Modifying data").
 */
export function createProjection(schema: JsonSchema, options: ProjectOptions): (value: Json) => Json {
  const { root, dialect } = options;
  const keep = options.undeclared === "keep";
  const plans = new Map<string, Plan>();
  /** Of the same list: plans hand on the lists they hold. */
  const byList = new WeakMap<readonly unknown[], Plan>();
  const ids = new WeakMap<SchemaNode, number>();
  let count = 0;

  function planOf(schemas: readonly unknown[]): Plan {
    const known = byList.get(schemas) ?? planOfSame(schemas);
    byList.set(schemas, known);
    return known;
  }

  function planOfSame(schemas: readonly unknown[]): Plan {
    const key = schemas.map((one) => (isNode(one) ? idOf(one) : String(one))).join();
    const known = plans.get(key) ?? makePlan(schemas);
    plans.set(key, known);
    return known;
  }

  function idOf(node: SchemaNode): number {
    const id = ids.get(node) ?? ++count;
    ids.set(node, id);
    return id;
  }

  /** Every schema that is about the same value. */
  function flatten(schemas: readonly unknown[]): readonly SchemaNode[] {
    const seen = new Set<unknown>(schemas.map((one) => deref(root, one)));
    const flat: SchemaNode[] = [];
    for (const at of seen) {
      if (!isNode(at)) continue;
      const node = modern(at, dialect);
      flat.push(node);
      for (const keyword of SAME_VALUE_LISTS) {
        const list = own(node, keyword);
        if (Array.isArray(list)) for (const one of list) seen.add(deref(root, one));
      }
      for (const keyword of ["then", "else"]) seen.add(deref(root, own(node, keyword)));
    }
    return flat;
  }

  function makePlan(schemas: readonly unknown[]): Plan {
    const flat = flatten(schemas);
    const declared = new Map<string, unknown[]>();
    const patterned: (readonly [Pattern, unknown])[] = [];
    const extra: unknown[] = [];
    const prefix: unknown[][] = [];
    const items: unknown[] = [];
    for (const node of flat) {
      for (const [name, one] of entriesOf(own(node, "properties")))
        declared.set(name, [...(declared.get(name) ?? []), one]);
      for (const [source, one] of entriesOf(own(node, "patternProperties"))) {
        const pattern = options.patterns(source);
        if (pattern !== undefined) patterned.push([pattern, one]);
      }
      for (const keyword of ["additionalProperties", "unevaluatedProperties"]) {
        const value = own(node, keyword);
        if (isSchema(value) && value !== false) extra.push(value);
      }
      const list = own(node, "prefixItems");
      if (Array.isArray(list))
        for (const [index, one] of list.entries()) prefix[index] = [...(prefix[index] ?? []), one];
      if (isSchema(own(node, "items"))) items.push(own(node, "items"));
    }
    const isFree = declared.size === 0 && patterned.length === 0;
    const isNothing = schemas.some((one) => deref(root, one) === false);
    return {
      declared,
      patterned,
      extra: keep || extra.length > 0 || isFree ? extra : undefined,
      prefix,
      items,
      known: new Map(),
      holdsObject: !isNothing && (keep || mayBe("object", flat, items.length > 0 && isFree)),
      holdsArray: !isNothing && (keep || mayBe("array", flat, !isFree && items.length === 0)),
    };
  }

  function project(value: Json, schemas: readonly unknown[]): Json {
    if (typeof value !== "object" || value === null) return value;
    const plan = planOf(schemas);
    if (Array.isArray(value)) {
      return plan.holdsArray ? projectArray(value, plan) : null;
    }
    return plan.holdsObject ? projectObject(value as { readonly [key: string]: Json }, plan) : null;
  }

  /** Schemas of a key, `undefined` where it is cut. Of a declared one it is worked out once: its name alone decides. */
  function schemasOf(plan: Plan, key: string): readonly unknown[] | undefined {
    const known = plan.known.get(key);
    if (known !== undefined || plan.known.has(key)) return known;
    const own = plan.declared.get(key);
    const matching = plan.patterned.filter(([pattern]) => pattern.test(key)).map(([, one]) => one);
    const its = [...(own ?? []), ...matching];
    const isCut = its.some((one) => isFlagged("writeOnly", one, (at) => lookUp(root, String(at["$ref"]))));
    const schemas = isCut ? undefined : its.length > 0 ? its : plan.extra;
    if (own !== undefined) plan.known.set(key, schemas);
    return schemas;
  }

  function projectArray(value: readonly Json[], plan: Plan): Json {
    let made: Json[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const part = value[at] as Json;
      const left = typeof part === "object" && part !== null ? project(part, plan.prefix[at] ?? plan.items) : part;
      if (made === undefined && left !== part) made = value.slice(0, at);
      made?.push(left);
    }
    return made ?? value;
  }

  function projectObject(value: { readonly [key: string]: Json }, plan: Plan): Json {
    const keys = Object.keys(value);
    let made: Record<string, Json> | undefined;
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as string;
      const part = value[key] as Json;
      const its = schemasOf(plan, key);
      const left = its !== undefined && typeof part === "object" && part !== null ? project(part, its) : part;
      if (made === undefined && (its === undefined || left !== part)) made = membersOf(value, keys.slice(0, at));
      if (made !== undefined && its !== undefined) put(made, key, left);
    }
    return made ?? value;
  }

  const all = [schema];
  return (value) => project(value, all);
}

function membersOf(value: { readonly [key: string]: Json }, keys: readonly string[]): Record<string, Json> {
  const made: Record<string, Json> = {};
  for (const key of keys) put(made, key, value[key]);
  return made;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isNode(value) ? Object.entries(value) : [];
}

/** Without any type, what else the schemas say decides. */
function mayBe(type: "object" | "array", flat: readonly SchemaNode[], isOther: boolean): boolean {
  const types = flat.map((node) => own(node, "type")).filter((one) => one !== undefined);
  if (types.length === 0) return !isOther;
  return types.some((one) => one === type || (Array.isArray(one) && one.includes(type)));
}
