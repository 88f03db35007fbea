import { checkpointsName } from "../folder/segment.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import type { AnchorNote } from "./anchor-notes.ts";
import type { FolderKeys } from "./keys.ts";
import { orNewerKey } from "./pruned.ts";
import type { FirstBad } from "./report.ts";
import type { LogCheck } from "./verify-log.ts";
import type { Walk } from "./walk.ts";

/** Whether the keys that signed are those that should have, once everything is read. */
export function checkKeys(walk: Walk, check: LogCheck, folder: FolderKeys): FirstBad | undefined {
  const { from, keys, chain, signed } = walk;
  if (!keys.trusted() && walk.firstSigned)
    return { ...walk.firstSigned, seq: from, reason: untrusted(walk, check, folder) };
  const idle =
    check.keys !== undefined && check.everyKey ? keys.idle().find((key) => isMissed(key, from, check)) : undefined;
  if (idle) {
    const reason = `the key ${idle.id} that was given has signed nothing here: the log was cut back to before a change of key, or written anew with an old key (keys are given oldest first)`;
    return { file: checkpointsName(from), seq: signed, line: 0, reason };
  }
  // The key of one that speaks of what was deleted may have been changed since, and the change deleted as well. Only signing.pub
  // has all keys; and whoever replaced it could also claim that all was deleted that the anchors speak of.
  const judged = (note: AnchorNote) => note.origin === chain.logId && (note.size >= from || check.keys === undefined);
  if (check.notes.some((note) => judged(note) && !keys.vouches(note.note))) {
    const reason = "an anchor of this log is signed by none of the trusted keys: the keys were replaced";
    return { file: checkpointsName(from), seq: from, line: 0, reason };
  }
  return undefined;
}

/** What an older key signed may all be deleted, and not even pruned.txt need show it: it has one checkpoint a segment. */
export function isMissed(key: VerifierKey, from: number, { keys }: LogCheck): boolean {
  return from === 0 || key.text === keys?.at(-1)?.text;
}

function untrusted({ from }: Walk, check: LogCheck, folder: FolderKeys): string {
  if (check.keys) {
    const anew = "it was signed anew with another key";
    const why = from > 0 ? orNewerKey(from, anew) : anew;
    return `the log is signed by none of the keys that were given, nor by one that they vouch for: ${why}`;
  }
  if (folder.problem !== undefined) return folder.problem;
  if (folder.keys.length === 0) return "signing.pub is missing: the public key was removed";
  return "the log is signed by no key of signing.pub: the file was replaced, or the log was signed anew with another key";
}
