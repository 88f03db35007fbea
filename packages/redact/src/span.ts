/** A stretch of text to replace, `start` included and `end` not, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** What was found, as it appears in the replacement: `[redacted:kind]`. Lower case, digits, `_`. */
  readonly kind: string;
}

/** Finds one sort of thing. Must be linear in the text: it runs on whatever a stranger put into a tool's result. */
export interface Detector {
  /** Adds what it finds to `found`, in any order; overlaps are welcome. */
  find(text: string, found: Span[]): void;
}
