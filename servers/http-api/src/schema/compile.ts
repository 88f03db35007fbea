import type { Json, JsonSchema, SchemaIssue } from "../model/json-schema.ts";
import { createAjv, STEP } from "./ajv.ts";
import type { Conversion, Shape } from "./conversion.ts";
import { convert } from "./convert.ts";
import { issuesOf } from "./issues.ts";
import { isNode, type SchemaNode } from "./words.ts";
import { beginWork, TooMuchWork, type Work } from "./work.ts";

/** What is wrong with a value; nothing: it fits. */
export type Validate = (value: Json) => readonly SchemaIssue[];

/**
 * Compiles schemas for one side, each when it is first asked. A schema that others refer to is compiled once, however many operations use it,
 * and is never copied into them.
 */
export function createCompiler(
  base: Pick<Conversion, "root" | "dialect" | "side" | "patterns" | "isName">,
  isDeclared: (name: string) => boolean,
  work: Work,
): (schema: JsonSchema, shape: Shape) => Validate {
  let made: ReturnType<typeof createAjv> | undefined;
  const keys = new Map<Shape, WeakMap<SchemaNode, string>>();
  const waiting: (readonly [key: string, target: SchemaNode, shape: Shape])[] = [];
  let count = 0;

  const conversion: Conversion = {
    ...base,
    visit: (_node, _shape, go) => go(),
    refer(target, shape) {
      const known = keys.get(shape) ?? new WeakMap<SchemaNode, string>();
      keys.set(shape, known);
      const key = known.get(target) ?? `/s${++count}`;
      if (!known.has(target)) {
        known.set(target, key);
        waiting.push([key, target, shape]);
      }
      return { $ref: key };
    },
  };

  /** A server that is never asked needs none, and a start has better things to do. */
  function ajv(): ReturnType<typeof createAjv> {
    made ??= createAjv(base.patterns, work, { allErrors: base.side === "input" });
    return made;
  }

  function make(schema: unknown, shape: Shape): object | boolean {
    const whole = convert(schema, shape, conversion);
    // Not by recursion: a chain of 10,000 references is no deeper than one of two.
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [key, target, its] = next;
      const shared = convert(target, its, conversion);
      ajv().addSchema(isNode(shared) ? { ...shared, [STEP]: true } : shared, key);
    }
    return whole as object | boolean;
  }

  return (schema, shape) => {
    const validate = compiled(() => ajv().compile(make(schema, shape)));
    return (value) => {
      if (validate === undefined) return [UNCHECKABLE];
      beginWork(work);
      try {
        return validate(value) ? [] : issuesOf(validate.errors ?? [], value, isDeclared);
      } catch (error) {
        if (error instanceof TooMuchWork || error instanceof RangeError) return [TOO_COSTLY];
        throw error;
      }
    };
  };
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
