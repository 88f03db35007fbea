import { AuditError } from "../errors.ts";
import { HASH_CLOSE, HASH_FIELD_BYTES, HASH_OPEN, leafHash } from "../record/leaf.ts";
import { type AuditRecord, parseRecord } from "./audit-record.ts";

/** A record, the exact line it stands in, and where that is. */
export interface LoggedRecord {
  readonly record: AuditRecord;
  /** Without its line feed; printable ASCII. */
  readonly line: string;
  /** The folder of the log. */
  readonly dir: string;
  /** The segment's name. */
  readonly file: string;
}

/** Checks each line, and that it follows the one before it. */
export interface LineCheck {
  /** The record accepted last. */
  readonly last: AuditRecord | undefined;
  /** @throws {AuditError} `damaged`, naming file, line and reason */
  accept(line: string, file: string, place: string): LoggedRecord;
}

/**
 * @param last the record to go on from; without, the first line may be any
 * @param verify whether hashes are computed, too: about 2 µs a record
 */
export function lineCheck(dir: string, verify: boolean, last?: AuditRecord): LineCheck {
  let before = last;
  return {
    get last() {
      return before;
    },
    accept(line, file, place) {
      const record = parseRecord(line);
      const reason = typeof record === "string" ? record : reasonAgainst(record, line, before, verify);
      if (typeof record === "string" || reason !== undefined) throw damaged(dir, file, place, reason ?? "");
      before = record;
      return { record, line, dir, file };
    },
  };
}

/** Why a record cannot stand in its line, or behind the one before it; undefined: it can. */
export function reasonAgainst(
  record: AuditRecord,
  line: string,
  before: AuditRecord | undefined,
  verify: boolean,
): string | undefined {
  if (!line.endsWith(`${HASH_OPEN}${record.hash}${HASH_CLOSE}`)) return "the line does not end in its hash";
  if (verify && leafHash(line.slice(0, -HASH_FIELD_BYTES)) !== record.hash) {
    return "the content does not match its hash: the record was changed";
  }
  if (before === undefined) return undefined;
  if (record.log !== before.log) return "the record belongs to another log";
  if (record.seq !== before.seq + 1) {
    return `the record is number ${record.seq}, after ${before.seq}: records were removed, added or moved`;
  }
  return record.prev === before.hash ? undefined : "the record does not follow the one before it";
}

/** A log that is not what its writer wrote, and what to do about it. */
export function damaged(dir: string, file: string, place: string, reason: string): AuditError {
  return new AuditError("damaged", `${dir}/${file}, ${place}: ${reason}; run: hardened-mcp audit verify ${dir}`);
}
