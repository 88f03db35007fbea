/** What a document may be. GitHub's, the largest met, has 13 MB, 500,000 values and a depth of 30. */
export const DOCUMENT_LIMITS = {
  /** Bytes of the file. */
  maxBytes: 32 * 1024 * 1024,
  maxDepth: 100,
  /** Values after YAML aliases are written out: nine lines of aliases can stand for 10^9 ("billion laughs"). */
  maxValues: 4_000_000,
  /** UTF-16 code units of one text. */
  maxStringLength: 1024 * 1024,
  /** YAML aliases, and keys that `<<` brings in. */
  maxAliases: 10_000,
  /** Operations that are looked at. */
  maxOperations: 5000,
} as const;
