import type { z } from "zod";
import { Written } from "./written.ts";

const guardedSchemas = new WeakSet<z.core.$ZodType>();

/**
 * The same schema with a quicker way to say yes, for the large part of an output: a schema of thousands of small values takes
 * twenty times as long as a loop written for them (measured on 6,000 cells).
 *
 * `read` returns what the schema would return, as a copy, or `undefined` where it is not sure. Then the schema decides, so
 * that refusals and what becomes of undeclared keys stay its own, and it is the schema that clients see. A test has to
 * hold the two against each other. Checks added later (`.max(5)`, `.refine(...)`) make a plain schema of it again.
 *
 * `isWritten` is the same for a part that a handler gives as text, see `written`: whether a text is JSON, on one line, of a value that the
 * schema returns unchanged. The text may be sent to the client as it is, so it has to be certain.
 *
 * ```ts
 * output: z.strictObject({ rows: guarded(z.array(z.array(cell)), readCellRows) }),
 * ```
 */
export function guarded<Schema extends z.ZodType>(
  schema: Schema,
  read: (value: unknown) => z.output<Schema> | undefined,
  isWritten?: (json: string) => boolean,
): Schema {
  const quick = schema.clone();
  const { run } = quick._zod;
  quick._zod.run = function runGuarded(payload, context) {
    if (payload.value instanceof Written && isWritten !== undefined) {
      if (context.direction !== "backward" && isWritten(payload.value.json)) return payload;
      payload.value = payload.value.toJSON();
    }
    const value = context.direction === "backward" ? undefined : read(payload.value);
    if (value === undefined) return run(payload, context);
    payload.value = value;
    return payload;
  };
  guardedSchemas.add(quick);
  return quick;
}

/** Whether a part of a schema is checked by hand. What comes from a client never is. */
export function isGuarded(schema: z.core.$ZodType): boolean {
  return guardedSchemas.has(schema);
}
