/** What came of a statement that nothing guarded. Rows are cells as an answer of ours would hold them, so that they compare. */
export type NaiveOutcome =
  | { readonly kind: "rows"; readonly rows: readonly (readonly unknown[])[]; readonly session: boolean }
  | { readonly kind: "error"; readonly message: string; readonly session: boolean }
  /** More than {@link MOST_ROWS} rows or {@link MOST_CHARACTERS} of text. */
  | { readonly kind: "huge"; readonly session: boolean }
  /** Did not end by the deadline. */
  | { readonly kind: "hang" }
  /** The process that ran it is gone. */
  | { readonly kind: "crash" };

export const MOST_ROWS = 20_000;
export const MOST_CHARACTERS = 4_000_000;

/** Rows as text that compares: what an order does not promise is not compared. */
export function digest(rows: readonly (readonly unknown[])[]): string {
  return rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join("\n");
}
