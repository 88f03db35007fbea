import { basename } from "node:path";
import { checkNote } from "../note/note.ts";
import { parseVerifierKey, type VerifierKey } from "../note/verifier-key.ts";
import type { AnchorNote } from "./anchor-notes.ts";
import type { LogReport, VerifyStatus } from "./report.ts";

/** What a folder is held against as a whole. */
export interface FolderCheck {
  /** The keys that were given; undefined: none were, and the folder's own are trusted. */
  readonly given: readonly VerifierKey[] | undefined;
  /** The keys of `signing.pub`. */
  readonly own: readonly VerifierKey[];
  readonly notes: readonly AnchorNote[];
  /** Whether it is made of sub-logs, and all of them were read. */
  readonly shared: boolean;
}

/** What no single log can tell. */
export interface FolderFindings {
  /** What the problems make of the folder, however good each log is. */
  readonly status: VerifyStatus;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** How many logs are named; an anchor file may hold the notes of any number. */
const NAMED = 10;

/** A log or a key that should be there and is nowhere. */
export function checkFolder(logs: readonly LogReport[], check: FolderCheck): FolderFindings {
  const { given = [], notes, shared } = check;
  const tampered: string[] = [];
  const warnings: string[] = [];
  const here = new Set(logs.map((log) => log.logId));
  const absent = notes.filter(({ origin }) => !here.has(origin));
  // One anchor file holds the notes of all sub-logs, so of one that is read alone this says nothing.
  const ours = shared ? trustedKeys(logs, check) : [];
  const removed = origins(absent.filter(({ note }) => checkNote(note, ours).good.length > 0));
  const strange = origins(absent).filter((origin) => !removed.includes(origin));
  const passed = `${strange.length} other log(s) of which there are anchors: ${strange.slice(0, NAMED).join(", ")}`;
  if (notes.length > 0 && absent.length === notes.length) {
    const others = strange.length > 0 ? `; ${passed}` : "";
    tampered.push(
      `no anchor speaks of a log in this folder, so the log was replaced as a whole, or is another's${others}`,
    );
  } else if (strange.length > 0) warnings.push(`not in this folder: ${passed}`);
  const used = new Set(logs.flatMap((log) => log.keys.map(({ text }) => text)));
  // What an older key signed may all be deleted.
  const missed = logs.some(({ from }) => from > 0) ? given.slice(-1) : given;
  // A single log says so itself, with the place.
  for (const { id, text } of logs.length > 1 ? missed : []) {
    if (!used.has(text)) tampered.push(`the key ${id} that was given has signed nothing in this folder`);
  }
  const shorter = removed
    .slice(0, NAMED)
    .map(
      (origin) =>
        `an anchor speaks of log ${origin}, signed by a key of this folder, and the log is not there: it was removed, or the anchor file holds the notes of another folder that is signed with the same key`,
    );
  if (removed.length > NAMED) shorter.push(`the same is true of ${removed.length - NAMED} more`);
  const status = tampered.length > 0 ? "tampered" : shorter.length > 0 ? "shorter" : "intact";
  return { status, problems: [...tampered, ...shorter], warnings };
}

/**
 * A log's id is random, so a second one with the same id is a copy, put where another log was. Which of the two was copied
 * nobody can tell; the later one is reported.
 */
export function markCopies(logs: readonly LogReport[]): LogReport[] {
  const seen = new Map<string, string>();
  return logs.map((log) => {
    const { logId, dir, from } = log;
    const first = logId === undefined ? undefined : seen.get(logId);
    if (logId !== undefined && first === undefined) seen.set(logId, dir);
    if (first === undefined) return log;
    const reason = `is a copy of sub-log ${basename(first)}: it has the same log id, and what was here before is gone`;
    return { ...log, status: "tampered", records: 0, firstBad: { file: ".", seq: from, line: 0, reason } };
  });
}

/** Trusted keys, and those that a log's changes of key lead to. */
function trustedKeys(logs: readonly LogReport[], { given, own }: FolderCheck): VerifierKey[] {
  const texts = logs.flatMap((log) => log.keys.filter(({ from }) => from === "rotation").map(({ text }) => text));
  return [...(given ?? own), ...[...new Set(texts)].map(parseVerifierKey)];
}

function origins(notes: readonly AnchorNote[]): string[] {
  return [...new Set(notes.map(({ origin }) => origin))];
}
