import type { CorpusStatement } from "../corpus/statement.ts";
import { seeded } from "../support/sample/random.ts";
import type { Dialect } from "./dialect.ts";
import { type Generated, selectGenerator } from "./grammar.ts";
import { mutate } from "./mutate.ts";

/** A statement to try, and the seed that makes it again. */
export interface Trial extends Generated {
  readonly seed: number;
}

/** Generated SELECTs, mutations of them, and mutations of a corpus; the same for the same seed. */
export function* trials(
  dialect: Dialect,
  corpus: readonly CorpusStatement[],
  from: number,
  count: number,
): Generator<Trial> {
  // Bombs only cost time here: they are tried one by one elsewhere.
  const texts = corpus.filter(({ name }) => !name.startsWith("bombs")).map(({ sql }) => sql);
  for (let seed = from; seed < from + count; seed++) {
    const random = seeded(seed * 2_654_435 + 97);
    const generate = selectGenerator(dialect, random);
    const kind = random.int(10);
    if (kind < 6) yield { seed, ...generate() };
    else if (kind < 7) yield { seed, exact: false, sql: mutate(generate().sql, generate().sql, dialect, random) };
    else
      yield {
        seed,
        exact: false,
        sql: mutate(random.pick(texts), random.oneIn(2) ? random.pick(texts) : generate().sql, dialect, random),
      };
  }
}
