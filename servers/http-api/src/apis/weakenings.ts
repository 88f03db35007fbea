import type { DescribedApi } from "../context.ts";

/**
 * What a configuration makes less strict than the method says, for the log and the record of the start: a DELETE that counts as a write is
 * not confirmed as what destroys is.
 */
export function weakeningsOf(apis: readonly DescribedApi[]): readonly string[] {
  return apis.flatMap(({ name, operations }) =>
    operations
      .filter(({ operation: { method, effect } }) => method === "DELETE" && effect === "write")
      .map(({ operation: { method, path } }) => `apis.${name}: effect write for ${method} ${path}`),
  );
}
