import type { CorpusStatement } from "../statement.ts";

/** A column that must not be read, and a value near to what it holds. */
export interface Target {
  readonly table: string;
  readonly column: string;
  readonly guess: string;
}

/**
 * Every template with `T`, `C` and `G` as whole words replaced by the target's table, column and guess. With `step`, each target
 * takes every so-many-th template, beginning at its own place, so that the targets cover all of them together.
 */
export function expand(
  title: string,
  templates: Readonly<Record<string, string>>,
  targets: readonly Target[],
  step = 1,
): readonly CorpusStatement[] {
  return targets.flatMap((target, index) =>
    Object.entries(templates)
      .filter((_, place) => (place + index) % step === 0)
      .map(([name, sql]) => ({
        name: `${title}: ${target.table}.${target.column} ${name}`,
        sql: sql.replace(/\bT\b/g, target.table).replace(/\bC\b/g, target.column).replace(/\bG\b/g, target.guess),
      })),
  );
}
