/** That a record stands in a log: everything needed to check it, except trust in the key. docs/audit/proofs.md has the arithmetic. */
export interface RecordProof {
  readonly format: "hardened-mcp audit proof v1";
  /** Id of the log. */
  readonly log: string;
  /** Number of the record. */
  readonly seq: number;
  /** The record, as it stands in the log, without its line feed. */
  readonly record: string;
  /** The newest checkpoint, as it is signed, and the way from the record up to its root: hashes in base64, lowest first. */
  readonly inclusion: { readonly checkpoint: string; readonly hashes: readonly string[] };
  /**
   * An earlier checkpoint, and that the newest one continues it: the first that speaks of the record, or the one that was
   * asked for.
   */
  readonly consistency: { readonly checkpoint: string; readonly hashes: readonly string[] };
  /** Public keys that the log named. Only who compares them with what the owner handed out may trust them. */
  readonly keys: readonly string[];
}

/** The inclusion proof alone, in the form of C2SP tlog-proof v1, which other tools read. */
export function tlogProof({ seq, inclusion }: RecordProof): string {
  return `${["c2sp.org/tlog-proof@v1", `index ${seq}`, ...inclusion.hashes].join("\n")}\n\n${inclusion.checkpoint}`;
}
