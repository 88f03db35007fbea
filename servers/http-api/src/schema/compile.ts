import type { ValidateFunction } from "ajv";
import type { Json, JsonSchema, SchemaIssue } from "../model/json-schema.ts";
import { createAjv, STEP } from "./ajv.ts";
import type { Conversion, Shape } from "./conversion.ts";
import { convert } from "./convert.ts";
import { issuesOf } from "./issues.ts";
import { weighed } from "./weight.ts";
import { isNode, type SchemaNode } from "./words.ts";
import { beginWork, TooMuchWork, type Work } from "./work.ts";

/** What is wrong with a value; nothing: it fits. */
export type Validate = (value: Json) => readonly SchemaIssue[];

type Base = Pick<Conversion, "root" | "dialect" | "side" | "patterns" | "isName">;

/**
 * Compiles schemas for one side, each when it is first asked. A schema that others refer to is compiled once, however many operations use it,
 * and is never copied into them.
 *
 * A check ends at the first thing wrong. Whoever sent a small value is told more: it is looked through once more, for all of them. Of a large
 * one that would be 300 MB of them (4,900 elements of 100 alternatives, measured).
 */
export function createCompiler(
  base: Base,
  isDeclared: (name: string) => boolean,
  work: Work,
): (schema: JsonSchema, shape: Shape) => Validate {
  const first = createEngine(base, work, false);
  const all = createEngine(base, work, true);

  return (schema, shape) => {
    const validate = first(schema, shape);
    let validateAll: ValidateFunction | undefined;

    function issues(value: Json): readonly SchemaIssue[] {
      beginWork(work);
      if (validate === undefined) return [UNCHECKABLE];
      if (validate(value)) return [];
      let { errors } = validate;
      if (base.side === "input" && isSmall(value)) {
        validateAll ??= all(schema, shape);
        beginWork(work);
        if (validateAll !== undefined && !validateAll(value)) ({ errors } = validateAll);
      }
      return issuesOf(errors ?? [], value, isDeclared);
    }

    return (value) => {
      try {
        return issues(value);
      } catch (error) {
        if (error instanceof TooMuchWork || error instanceof RangeError) return [TOO_COSTLY];
        throw error;
      }
    };
  };
}

/** Values in a value that is looked through for everything that is wrong. */
const MOST_VALUES = 100;

function isSmall(value: Json): boolean {
  const values: Json[] = [value];
  for (let at = 0; at < values.length; at++) {
    const one = values[at];
    if (typeof one !== "object" || one === null) continue;
    const members = Object.values(one);
    if (values.length + members.length > MOST_VALUES) return false;
    values.push(...members);
  }
  return true;
}

function createEngine(
  base: Base,
  work: Work,
  allErrors: boolean,
): (schema: JsonSchema, shape: Shape) => ValidateFunction | undefined {
  let made: ReturnType<typeof createAjv> | undefined;
  const keys = new Map<Shape, WeakMap<SchemaNode, string>>();
  const waiting: (readonly [key: string, target: SchemaNode, shape: Shape])[] = [];
  /** What this check has brought along. */
  let brought: (readonly [key: string, target: SchemaNode, shape: Shape])[] = [];
  let count = 0;
  let [inOne, inAll] = [0, 0];

  const conversion: Conversion = {
    ...base,
    visit(node, _shape, go) {
      const size = codeOf(node);
      inOne += size;
      inAll += size;
      if (inOne > MOST_IN_ONE || inAll > MOST_IN_ALL) throw new TooManySchemas();
      return weighed(go());
    },
    refer(target, shape) {
      const known = keys.get(shape) ?? new WeakMap<SchemaNode, string>();
      keys.set(shape, known);
      const key = known.get(target) ?? `/s${++count}`;
      if (!known.has(target)) {
        known.set(target, key);
        waiting.push([key, target, shape]);
        brought.push([key, target, shape]);
      }
      return { $ref: key };
    },
  };

  /** A server that is never asked needs none, and a start has better things to do. */
  function ajv(): ReturnType<typeof createAjv> {
    made ??= createAjv(base.patterns, work, { allErrors });
    return made;
  }

  function make(schema: unknown, shape: Shape): object | boolean {
    [inOne, inAll, brought] = [0, 0, []];
    try {
      return converted(schema, shape);
    } catch (error) {
      // Half of it would be missing to whoever refers to the same.
      waiting.length = 0;
      for (const [key, target, its] of brought) {
        keys.get(its)?.delete(target);
        ajv().removeSchema(key);
      }
      throw error;
    }
  }

  function converted(schema: unknown, shape: Shape): object | boolean {
    const whole = convert(schema, shape, conversion);
    // Not by recursion: a chain of 10,000 references is no deeper than one of two.
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [key, target, its] = next;
      inOne = 0;
      const shared = convert(target, its, conversion);
      ajv().addSchema(isNode(shared) ? { ...shared, [STEP]: true } : shared, key);
    }
    return whole as object | boolean;
  }

  return (schema, shape) => compiled(() => ajv().compile(make(schema, shape)));
}

/**
 * Schemas that become one function: of 9,000, V8's optimiser takes 24 GB once the function has been called a few hundred times (measured, Node
 * 24.21). And schemas that one check is made of, at a fifth of a millisecond each. Those of the public documents that
 * the tests hold it against all stay below.
 */
const [MOST_IN_ONE, MOST_IN_ALL] = [2_000, 10_000];

class TooManySchemas extends Error {}

/** Keywords that become code for each of their entries, also for one that says nothing. */
const CODE = ["anyOf", "oneOf", "allOf", "patternProperties", "dependentSchemas"] as const;

/** How much code a schema becomes by itself; one that says nothing becomes none. */
function codeOf(node: SchemaNode): number {
  const entries = CODE.map((keyword) => Object.keys(node[keyword] ?? {}).length);
  return entries.reduce((sum, one) => sum + one, Object.keys(node).length > 0 ? 1 : 0);
}

/** Whatever stops the compiler, a value that cannot be checked does not pass. */
function compiled<T>(compile: () => T): T | undefined {
  try {
    return compile();
  } catch {
    return undefined;
  }
}

const UNCHECKABLE: SchemaIssue = {
  path: [],
  rule: "schema",
  message: "cannot be checked: the schema of the document does not compile",
};

export const TOO_COSTLY: SchemaIssue = {
  path: [],
  rule: "schema",
  message: "cannot be checked: it takes too much work to hold it against its schema",
};
