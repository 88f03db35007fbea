/** One statement of a corpus. Data only: what must come of it is said by the test that walks the list. */
export interface CorpusStatement {
  /** Unique in its corpus: `window: running total by customer`. */
  readonly name: string;
  readonly sql: string;
  readonly params?: readonly (null | number | string)[];
}

/** Statements by their theme: the part of the name before the first colon. */
export function byTheme(statements: readonly CorpusStatement[]): ReadonlyMap<string, readonly CorpusStatement[]> {
  return Map.groupBy(statements, ({ name }) => name.slice(0, name.indexOf(":")));
}

/** Names every statement of a theme. */
export function theme(
  title: string,
  statements: Readonly<Record<string, string | readonly [sql: string, ...params: (null | number | string)[]]>>,
): readonly CorpusStatement[] {
  return Object.entries(statements).map(([name, entry]) => {
    if (typeof entry === "string") return { name: `${title}: ${name}`, sql: entry };
    const [sql, ...params] = entry;
    return { name: `${title}: ${name}`, sql, params };
  });
}
