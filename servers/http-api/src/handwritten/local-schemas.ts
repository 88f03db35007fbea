import { ConfigError } from "@hardened-mcp/server";
import type { JsonSchema, SchemaSet } from "../model/json-schema.ts";
import { createSchemaSet } from "../schema/schema-set.ts";

type LocalSet = ReturnType<typeof createSchemaSet>;

export interface LocalSchemas extends SchemaSet {
  /** @throws {ConfigError} it is no schema that can be held against values; the message begins with `key` */
  check(schema: JsonSchema, key: string): void;
}

/** Schemas that stand alone: `#/...` points into the very schema it stands in. */
export function createLocalSchemas(): LocalSchemas {
  const shared = createSchemaSet({ root: {}, dialect: "3.1" });
  const sets = new WeakMap<object, LocalSet>();

  function setOf(schema: JsonSchema): LocalSet {
    if (typeof schema !== "object" || !JSON.stringify(schema).includes('"$ref"')) return shared;
    const set = sets.get(schema) ?? createSchemaSet({ root: schema, dialect: "3.1" });
    sets.set(schema, set);
    return set;
  }

  return {
    listed: (schema) => setOf(schema).listed(schema),
    inputCheck: (schema) => setOf(schema).inputCheck(schema),
    outputCheck: (schema, options) => setOf(schema).outputCheck(schema, options),
    mayHold: (schema, path, options) => setOf(schema).mayHold(schema, path, options),
    check(schema, key) {
      const { scanner } = setOf(schema);
      const problem = scanner.problemOf(schema);
      if (problem !== undefined) throw new ConfigError(`${key}: ${problem.message}`);
      if (scanner.hasBadPattern(schema)) {
        throw new ConfigError(
          `${key}: a pattern is not one of RE2, which has no look-around and no back-references. Write it without.`,
        );
      }
    },
  };
}
