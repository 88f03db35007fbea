import { auditDefaults } from "../defaults.ts";
import { AuditError } from "../errors.ts";

/** How much of a log is not signed yet. */
export interface Unsigned {
  /** A record was written, at `mono` milliseconds. */
  wrote(seq: number, mono: number): void;
  /** A checkpoint of `size` records was ordered. */
  ordered(size: number): void;
  /** One was made. */
  signed(size: number): void;
  /** @throws {AuditError} `unavailable`: too much waits to be signed, or for too long */
  ensureBounded(nextSeq: number, nowMono: number, isOutcome: boolean): void;
}

/**
 * Bounds what a log may hold that nobody has signed: a verifier cannot tell more of it from a log whose checkpoints were cut
 * off, so that its end could be written anew.
 *
 * Outcomes of calls that run have room left when new calls have none.
 *
 * @param size of the newest checkpoint
 */
export function createUnsigned(size: number, maxUnsignedMs: number): Unsigned {
  const { maxUnsignedRecords, unsignedOutcomes } = auditDefaults;
  let signed = size;
  let lastOrdered = size;
  /** When the first record after each checkpoint that was ordered came. The first entry is the oldest unsigned record. */
  let marks: { readonly seq: number; readonly mono: number }[] = [];

  return {
    wrote(seq, mono) {
      if (marks.length === 0 || seq === lastOrdered) marks.push({ seq, mono });
    },
    ordered(next) {
      lastOrdered = next;
    },
    signed(next) {
      signed = next;
      // What came right after is known only where it was the first after an order; anything later is a safe stand-in.
      marks = marks.filter(({ seq }) => seq >= next);
    },
    ensureBounded(nextSeq, nowMono, isOutcome) {
      const [oldest] = marks;
      const late = oldest !== undefined && nowMono - oldest.mono >= maxUnsignedMs;
      const many = nextSeq - signed >= maxUnsignedRecords + (isOutcome ? unsignedOutcomes : 0);
      if (late) throw new AuditError("unavailable", "checkpoints cannot be signed; the log refuses until they can be");
      if (many)
        throw new AuditError("unavailable", "too many records wait to be signed; the log refuses until they are");
    },
  };
}
