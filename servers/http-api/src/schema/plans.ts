import type { JsonSchema } from "../model/json-schema.ts";
import { isFlagged } from "./dialect.ts";
import { createParts, isTypedAs, type Part } from "./parts.ts";
import type { Pattern } from "./patterns.ts";
import { deref, lookUp } from "./refs.ts";
import { type Dialect, isNode, type SchemaNode } from "./words.ts";
import { spend, type Work } from "./work.ts";

/** A place in a value, and the schemas that speak of it; none: it may be anything. */
export interface Place {
  readonly schemas: readonly unknown[];
  /** Made when something with members is met there. */
  plan: Plan | undefined;
}

/** What a set of schemas for one value says about the keys and elements of that value. */
export interface Plan {
  readonly parts: readonly Part[];
  /** Whether nothing is declared of its keys. */
  readonly isFree: boolean;
  /** For keys that are not declared; `undefined`: such keys are cut. */
  readonly extra: Place | undefined;
  readonly items: Place;
  readonly prefix: readonly Place[];
  /** What keys have come to. */
  readonly known: Map<string, Place | undefined>;
  readonly holdsObject: boolean;
  readonly holdsArray: boolean;
}

export interface PlanOptions {
  readonly root: unknown;
  readonly dialect: Dialect;
  readonly undeclared: "drop" | "keep";
  readonly patterns: (source: string) => Pattern | undefined;
  readonly work: Work;
}

export interface Plans {
  /** @throws {TooMuchWork} */
  rootOf(schema: JsonSchema): Plan;
  /** @throws {TooMuchWork} */
  planOf(place: Place): Plan;
  /** The place of a key; `undefined`: it is cut. @throws {TooMuchWork} */
  placeOf(plan: Plan, key: string): Place | undefined;
}

/**
 * Schemas, and keys of them, that plans hold altogether (about 20 MB). Sets of schemas are as many as the subsets of a document's, and an API
 * that chooses its keys could have one made for each (40 to 90 MB with every answer, measured): beyond this all are let go.
 */
const MOST_HELD = 100_000;

/** Undeclared keys that a plan remembers, and their characters. */
const [MOST_NAMES, MAX_NAME] = [256, 64];

/** Plans of one document, shared by all that refer to its schemas. What is known of a single schema is kept, see {@link createParts}. */
export function createPlans(options: PlanOptions): Plans {
  const { root, work } = options;
  const keep = options.undeclared === "keep";
  const partOf = createParts(options);
  const ids = new WeakMap<SchemaNode, number>();
  let roots = new Map<JsonSchema, Plan>();
  let plans = new Map<string, Plan>();
  let held = 0;
  let count = 0;

  function hold(amount: number): void {
    spend(work, "plans", amount);
    held += amount;
    if (held <= MOST_HELD) return;
    // Those in use go on, and are let go with what uses them.
    roots = new Map();
    plans = new Map();
    held = 0;
  }

  function idOf(node: SchemaNode): number {
    const id = ids.get(node) ?? ++count;
    ids.set(node, id);
    return id;
  }

  function planFor(schemas: readonly unknown[]): Plan {
    const different = new Set(schemas.map((one) => deref(root, one)));
    const key = [...different].map((one) => (isNode(one) ? idOf(one) : String(one))).join();
    const known = plans.get(key);
    if (known !== undefined) return known;
    const made = makePlan(different);
    plans.set(key, made);
    return made;
  }

  /** Every schema that is about the same value. */
  function flatten(schemas: ReadonlySet<unknown>): readonly Part[] {
    const seen = new Set(schemas);
    const flat: Part[] = [];
    for (const at of seen) {
      if (!isNode(at)) continue;
      const part = partOf(at);
      flat.push(part);
      for (const one of part.same) seen.add(deref(root, one));
    }
    return flat;
  }

  function makePlan(schemas: ReadonlySet<unknown>): Plan {
    const parts = flatten(schemas);
    const prefix: unknown[][] = [];
    for (const part of parts) {
      for (const [at, one] of part.prefix.entries()) {
        prefix[at] ??= [];
        prefix[at].push(one);
      }
    }
    hold(schemas.size + parts.reduce((sum, part) => sum + 1 + part.prefix.length, 0));
    const extra = parts.flatMap((part) => part.extra);
    const items = parts.flatMap((part) => part.items);
    const isFree = parts.every((part) => part.isFree);
    const isNothing = schemas.has(false);
    return {
      parts,
      isFree,
      extra: keep || extra.length > 0 || isFree ? place(extra) : undefined,
      items: place(items),
      prefix: prefix.map(place),
      known: new Map(),
      holdsObject: !isNothing && (keep || isTypedAs("object", parts, items.length > 0 && isFree)),
      holdsArray: !isNothing && (keep || isTypedAs("array", parts, !isFree && items.length === 0)),
    };
  }

  function makePlace(plan: Plan, key: string): Place | undefined {
    spend(work, "uses", plan.parts.length);
    const its: unknown[] = [];
    for (const { properties } of plan.parts) if (Object.hasOwn(properties, key)) its.push(properties[key]);
    const isDeclared = its.length > 0;
    for (const { patterned } of plan.parts)
      for (const [pattern, one] of patterned) if (pattern.test(key)) its.push(one);
    const isCut = its.some((one) => isFlagged("writeOnly", one, (at) => lookUp(root, String(at["$ref"]))));
    const made = isCut ? undefined : its.length > 0 ? place(its) : plan.extra;
    // Names that a document declares are few; others are the API's to choose, and mostly the same ones.
    if (isDeclared || (plan.known.size < MOST_NAMES && key.length <= MAX_NAME)) {
      hold(1 + its.length);
      plan.known.set(key, made);
    }
    return made;
  }

  return {
    rootOf(schema) {
      const known = roots.get(schema);
      if (known !== undefined) return known;
      const made = planFor([schema]);
      roots.set(schema, made);
      return made;
    },
    planOf(at) {
      at.plan ??= planFor(at.schemas);
      return at.plan;
    },
    placeOf(plan, key) {
      const known = plan.known.get(key);
      return known !== undefined || plan.known.has(key) ? known : makePlace(plan, key);
    },
  };
}

function place(schemas: readonly unknown[]): Place {
  return { schemas, plan: undefined };
}
