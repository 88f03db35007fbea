import type { JsonSchema } from "../model/json-schema.ts";
import type { Pattern } from "./patterns.ts";
import type { Dialect, SchemaNode } from "./words.ts";

/**
 * What becomes of keys that a schema does not declare. `closed`: refused. `open`: somebody around it sees to that (a member of `allOf`).
 * `plain`: as the document says, down to the leaves (inside `not` and `if`, where closing would turn the meaning round; answers).
 */
export type Shape = "closed" | "open" | "plain";

/** How one use of schemas, such as compiling or listing, wants them. */
export interface Conversion {
  readonly root: unknown;
  readonly dialect: Dialect;
  readonly side: "input" | "output";
  readonly patterns: (source: string) => Pattern | undefined;
  /** In place of a reference. */
  refer(target: SchemaNode, shape: Shape): JsonSchema;
  /** Around every schema that is met; may answer without going on. */
  visit(node: SchemaNode, shape: Shape, go: () => SchemaNode): JsonSchema;
  /** Whether a name of a property can be used. */
  isName(name: string): boolean;
}
