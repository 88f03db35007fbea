import { type Checkpoint, checkpointText } from "../note/checkpoint.ts";
import { type Detail, sizeOf, textOf } from "../record/detail.ts";
import type { Hash } from "../tree/node-hash.ts";
import { type CheckpointCursor, openCheckpoints } from "./checkpoint-cursor.ts";
import { type KeyChain, UNKNOWN_KEY } from "./key-chain.ts";
import type { FirstBad } from "./report.ts";

/** What a log says of the segments that it deleted. */
export interface Pruned {
  /** A record `log.pruned`, number `seq`. */
  said(detail: Detail, seq: number): string | undefined;
  /** Everything said so far is signed. */
  signed(): void;
  /** A segment begins at `size`, with this root before it. */
  boundary(size: number, root: Hash): string | undefined;
  /** pruned.txt has the end of a segment that is still there: a crash came before it was deleted. */
  claim(size: number, root: Hash): void;
  /** Ends of segments in pruned.txt that are none. */
  readonly unmet: number;
  /** Up to which number deleting is on record, and signed. */
  readonly allowed: number;
}

export const PRUNED_FILE = "pruned.txt";

export function pruned(): Pruned {
  const roots = new Map<number, Hash>();
  const claims = new Map<number, Hash>();
  let allowed = 0;
  /** Said, and not signed yet. */
  let claimed = 0;
  return {
    said(detail, seq) {
      const [from, to] = [sizeOf(detail, "from"), sizeOf(detail, "to")];
      if (from === undefined || to === undefined || from >= to || to > seq) {
        return "the record of deleted segments names records that cannot have been deleted";
      }
      const root = roots.get(to);
      if (root !== undefined && textOf(detail, "root") !== root) {
        return "the record of deleted segments has another root than the log had there";
      }
      claimed = Math.max(to, claimed);
      return undefined;
    },
    signed() {
      allowed = claimed;
    },
    boundary(size, root) {
      if ((claims.get(size) ?? root) !== root) return "the segment does not begin where pruned.txt says that one ended";
      claims.delete(size);
      roots.set(size, root);
      return undefined;
    },
    claim: (size, root) => claims.set(size, root),
    get unmet() {
      return claims.size;
    },
    get allowed() {
      return allowed;
    },
  };
}

/** What the beginning of a log must agree with. */
export interface Beginning {
  readonly dir: string;
  readonly logId: string;
  /** Number of the first record that is present, and the root before it. */
  readonly from: number;
  readonly root: Hash;
  readonly keys: KeyChain;
  readonly pruned: Pruned;
  readonly warnings: string[];
}

/**
 * Reads pruned.txt twice: first for the checkpoint at which the log now begins, which shows the key that was in use; then
 * for the rest. Either it confirms the beginning, or the answer says why not.
 */
export function checkBeginning(beginning: Beginning): FirstBad | undefined {
  const { from, root, logId, keys, warnings } = beginning;
  if (from > 0) {
    let found = false;
    const bad = eachPruned(beginning, (content, note) => {
      if (content.size !== from) return undefined;
      found = true;
      if (checkpointText(content) !== checkpointText({ origin: logId, size: from, root })) {
        return "the first segment's edge is not what was signed: its beginning was replaced";
      }
      const reason = keys.accept(note, from);
      return reason?.startsWith(UNKNOWN_KEY)
        ? `${UNKNOWN_KEY}: ${orNewerKey(from, "it was forged with another key")}`
        : reason;
    });
    if (bad) return bad;
    if (!found) {
      const reason = `records 0 to ${from - 1} are missing, and pruned.txt has no checkpoint of size ${from}: the first segments were removed`;
      return { file: PRUNED_FILE, seq: 0, line: 0, reason };
    }
  }
  let strange = 0;
  const bad = eachPruned(beginning, (content, note) => {
    const check = keys.witness(note);
    if (check === "forged") return "the checkpoint's signature is forged, or the checkpoint was changed";
    if (check === "unknown") strange++;
    if (content.size > from) beginning.pruned.claim(content.size, content.root);
    return undefined;
  });
  if (strange > 0) warnings.push(`${strange} checkpoint(s) of deleted segments are signed by keys that are not known`);
  return bad;
}

/**
 * Trust passes along changes of key, and a log that deletes its beginning may delete a change with it. What is left cannot
 * tell that from a log of somebody else's key.
 */
export function orNewerKey(from: number, otherwise: string): string {
  return `if the key was changed before record ${from}, the change was deleted with what came before, so give the newer key; otherwise ${otherwise}`;
}

type Visit = (checkpoint: Checkpoint, note: Parameters<KeyChain["accept"]>[0]) => string | undefined;

function eachPruned({ dir, logId, warnings }: Beginning, visit: Visit): FirstBad | undefined {
  const cursor = openCheckpoints(dir, PRUNED_FILE);
  try {
    let last = 0;
    for (; cursor.next !== undefined; cursor.advance()) {
      const { content, line } = cursor.next;
      const bad = (reason: string): FirstBad => ({ file: PRUNED_FILE, seq: 0, line, reason });
      if (content === undefined) return bad("the checkpoint was changed: it is none any more");
      const { checkpoint, note } = content;
      if (checkpoint.origin !== logId) return bad("the checkpoint belongs to another log");
      if (checkpoint.size <= last) return bad("the checkpoints are not in order: one was moved or doubled");
      last = checkpoint.size;
      const reason = visit(checkpoint, note);
      if (reason !== undefined) return bad(reason);
    }
    return tornEnd(cursor, logId, warnings);
  } finally {
    cursor.close();
  }
}

/** Only a crash leaves half a note, and only at the end. */
function tornEnd(cursor: CheckpointCursor, logId: string, warnings: string[]): FirstBad | undefined {
  const { bytes, torn, line } = cursor.rest(logId);
  if (bytes === 0) return undefined;
  if (!torn) return { file: PRUNED_FILE, seq: 0, line, reason: "bytes follow the last checkpoint" };
  const warning = `${bytes} bytes of an unfinished checkpoint at the end of ${PRUNED_FILE}: a crash`;
  if (!warnings.includes(warning)) warnings.push(warning);
  return undefined;
}
