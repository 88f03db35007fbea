/* Attacks on a log, as a table: what is done to its files, where it is found first, and in which words. */
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { edit, OWNER, rechain, rehash, sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, linesOf, notesOf, putNotes, segmentFile, signNote } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

export const keys = [OWNER.key];
const FIRST = segmentFile(0);
export const SECOND = segmentFile(21);
export const THIRD = segmentFile(34);

const swap = (l: string[], a: number, b: number) => l.with(a, l[b]!).with(b, l[a]!);
export const cutTo = (dir: string, lines: number) => edit(dir, 34, (l) => l.slice(0, lines));
const dropNotes = (dir: string, file: string, keep: number) => putNotes(dir, file, notesOf(dir, file).slice(0, keep));
const changeNote = (dir: string, segment: number, at: number, change: (note: string) => string) => {
  const file = checkpointFile(segment);
  const notes = notesOf(dir, file);
  putNotes(dir, file, notes.with(at, change(notes[at]!)));
};
/** What another log of ours has in the same place. */
const fromOther = (dir: string, file: string) => {
  const other = temporaryFolder();
  sampleLog(other, "test/BBBBBBBBBBBBBBBBBBBBBB");
  copyFileSync(join(other, file), join(dir, file));
};

const CHANGED = "the content does not match its hash: the record was changed";
const NOT_AFTER = "the record does not follow the one before it";
export const number = (n: number) => `the record is number ${n}: records were removed, added or moved`;
const anew = (a: number, b: number) =>
  `records ${a} to ${b} are not those that were signed: they were chained anew without the key`;
const FORGED = "the checkpoint's signature is forged, or the checkpoint was changed";
export const OTHER_KEY = "the checkpoint is not signed by the key in use: forged with another key";
const ORDER = "the checkpoints are not in order: one was moved or doubled";
const EDGE = "the segment's edge of the tree does not fit the records before it";

type Attack = [name: string, attack: (dir: string) => void, file: string, seq: number, reason: string];

export const RECORDS: Attack[] = [
  ["a changed field", (d) => edit(d, 0, (l) => l.with(7, l[7]!.replace("u-1", "u-2"))), FIRST, 7, CHANGED],
  [
    "a changed field with its hash done anew",
    (d) => edit(d, 0, (l) => l.with(7, rehash(l[7]!.replace("u-1", "u-2")))),
    FIRST,
    8,
    NOT_AFTER,
  ],
  ["a deleted record", (d) => edit(d, 0, (l) => l.toSpliced(7, 1)), FIRST, 7, number(8)],
  ["a deleted first record", (d) => edit(d, 0, (l) => l.slice(1)), FIRST, 0, number(1)],
  [
    "an inserted record",
    (d) => edit(d, 0, (l) => l.toSpliced(7, 0, rehash(l[7]!.replace("r3", "r0")))),
    FIRST,
    8,
    number(7),
  ],
  ["two swapped records", (d) => edit(d, 0, (l) => swap(l, 7, 8)), FIRST, 7, number(8)],
  ["a doubled record", (d) => edit(d, 0, (l) => l.toSpliced(7, 0, l[7]!)), FIRST, 8, number(7)],
  ["a doubled last record", (d) => edit(d, 34, (l) => [...l, l.at(-1)!]), THIRD, 42, number(41)],
  [
    "bytes behind the last record",
    (d) => appendFileSync(join(d, THIRD), `${linesOf(d, 34).at(-1)} `),
    THIRD,
    42,
    "bytes follow a whole record",
  ],
  [
    "a segment cut at a record",
    (d) => edit(d, 0, (l) => l.slice(0, 15)),
    checkpointFile(0),
    11,
    "the checkpoint speaks of records beyond its segment",
  ],
  [
    "a segment cut at a record, with its checkpoints",
    (d) => {
      edit(d, 0, (l) => l.slice(0, 15));
      dropNotes(d, checkpointFile(0), 2);
    },
    SECOND,
    15,
    "records 15 to 20 are missing: a segment was removed or cut",
  ],
  [
    "a segment cut within a record",
    (d) => truncateSync(join(d, FIRST), 5000),
    FIRST,
    11,
    "the file ends within a record, though another file follows",
  ],
];

export const CHAINED_ANEW: Attack[] = [
  [
    "a changed record and everything chained anew without the key",
    (d) => {
      edit(d, 0, (l) => l.with(7, l[7]!.replace("u-1", "u-2")));
      rechain(d);
    },
    checkpointFile(0),
    1,
    anew(1, 10),
  ],
  [
    "a deleted record and everything chained anew without the key",
    (d) => {
      edit(d, 21, (l) => l.toSpliced(10, 2));
      rechain(d);
    },
    checkpointFile(21),
    30,
    "the checkpoint speaks of records beyond its segment",
  ],
  [
    "a record of another person, chained anew after the last checkpoint but one",
    (d) => {
      edit(d, 34, (l) => l.with(3, l[3]!.replace("u-1", "u-2")));
      rechain(d);
    },
    checkpointFile(34),
    34,
    anew(34, 41),
  ],
  [
    "a log written anew and signed with another key",
    (d) => {
      rmSync(d, { recursive: true });
      sampleLog(d, undefined, THIEF);
    },
    checkpointFile(0),
    0,
    "the log is signed by none of the keys that were given, nor by one that they vouch for: it was signed anew with another key",
  ],
  [
    "a log written anew by somebody without any key",
    (d) => {
      edit(d, 0, (l) => l.with(7, l[7]!.replace("u-1", "u-2")));
      rechain(d);
      for (const segment of [0, 21, 34]) rmSync(join(d, checkpointFile(segment)));
    },
    checkpointFile(0),
    0,
    "the segment's checkpoints are missing, though the log went on: they were removed",
  ],
  [
    "the same in one segment",
    (d) => {
      rmSync(d, { recursive: true });
      buildLog(d).flush();
      rmSync(join(d, checkpointFile(0)));
    },
    checkpointFile(0),
    0,
    "nothing in this log is signed: its checkpoints were removed, or it was written without the key",
  ],
  [
    "a changed edge in a segment's first record",
    (d) => {
      edit(d, 21, (l) => l.with(0, rehash(l[0]!.replace(/"frontier.1":"....../, '"frontier.1":"xxxxxx'))));
    },
    SECOND,
    21,
    EDGE,
  ],
  [
    "a record that begins a segment, within one",
    (d) => edit(d, 0, (l) => l.with(7, rehash(l[7]!.replace('"call.intent"', '"log.segment"')))),
    FIRST,
    7,
    "a segment's first record stands within it",
  ],
  [
    "a segment without the record of what came before",
    (d) => edit(d, 21, (l) => l.with(0, rehash(l[0]!.replace('"log.segment"', '"log.stopped"')))),
    SECOND,
    21,
    "the segment does not begin with a record of what came before it",
  ],
];

export const CHECKPOINTS: Attack[] = [
  [
    "a checkpoint with another root",
    (d) => changeNote(d, 0, 1, (n) => n.replace(/\n11\n......../, "\n11\nAAAAAAAA")),
    checkpointFile(0),
    1,
    FORGED,
  ],
  [
    "a checkpoint forged with another key",
    (d) => changeNote(d, 0, 1, (n) => signNote(n.slice(0, n.indexOf("\n\n") + 1), THIEF)),
    checkpointFile(0),
    1,
    OTHER_KEY,
  ],
  [
    "a first checkpoint forged with another key",
    (d) => changeNote(d, 0, 0, (n) => signNote(n.slice(0, n.indexOf("\n\n") + 1), THIEF)),
    checkpointFile(0),
    0,
    "the checkpoint is signed by an unknown key: forged with another key",
  ],
  [
    "a checkpoint forged under the owner's name",
    (d) => {
      const key = { ...THIEF, key: { ...THIEF.key, name: OWNER.key.name, id: OWNER.key.id } };
      changeNote(d, 0, 1, (n) => signNote(n.slice(0, n.indexOf("\n\n") + 1), key));
    },
    checkpointFile(0),
    1,
    FORGED,
  ],
  [
    "a checkpoint of another log with the same key",
    (d) => fromOther(d, checkpointFile(0)),
    checkpointFile(0),
    0,
    "the checkpoint belongs to another log",
  ],
  [
    "two swapped checkpoints",
    (d) => putNotes(d, checkpointFile(0), swap(notesOf(d, checkpointFile(0)), 0, 1)),
    checkpointFile(0),
    11,
    ORDER,
  ],
  [
    "a doubled checkpoint",
    (d) => {
      const notes = notesOf(d, checkpointFile(0));
      putNotes(d, checkpointFile(0), notes.toSpliced(1, 0, notes[1]!));
    },
    checkpointFile(0),
    11,
    ORDER,
  ],
  [
    "a checkpoint moved to another segment",
    (d) => {
      const note = notesOf(d, checkpointFile(0))[1]!;
      putNotes(d, checkpointFile(21), [note, ...notesOf(d, checkpointFile(21))]);
    },
    checkpointFile(21),
    21,
    "the checkpoint belongs to an earlier segment: it was moved",
  ],
  [
    "a removed checkpoint at the end of a segment",
    (d) => dropNotes(d, checkpointFile(21), 1),
    checkpointFile(21),
    30,
    "the checkpoint at the end of the segment is missing, though the log went on: it was removed",
  ],
  [
    "the checkpoints of a segment removed",
    (d) => rmSync(join(d, checkpointFile(21))),
    checkpointFile(21),
    21,
    "the segment's checkpoints are missing, though the log went on: they were removed",
  ],
  [
    "a signature spelled otherwise, in bits that base64 leaves open",
    (d) => changeNote(d, 0, 1, (n) => n.replace(/.=\n$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=\n`)),
    checkpointFile(0),
    1,
    "the checkpoint was changed: it is none any more",
  ],
  [
    "text among the checkpoints",
    (d) => changeNote(d, 0, 1, () => "all is well\n\n\u2014 x AAAAAAAA\n"),
    checkpointFile(0),
    1,
    "the checkpoint was changed: it is none any more",
  ],
  [
    "bytes behind the checkpoints of a segment",
    (d) => appendFileSync(join(d, checkpointFile(0)), "x"),
    checkpointFile(0),
    21,
    "bytes follow the last checkpoint",
  ],
];

export const SEGMENTS: Attack[] = [
  [
    "the first segment missing",
    (d) => rmSync(join(d, FIRST)),
    "pruned.txt",
    0,
    "records 0 to 20 are missing, and pruned.txt has no checkpoint of size 21: the first segments were removed",
  ],
  [
    "a segment missing in the middle",
    (d) => rmSync(join(d, SECOND)),
    THIRD,
    21,
    "records 21 to 33 are missing: a segment was removed or cut",
  ],
  ["a segment from another log", (d) => fromOther(d, SECOND), SECOND, 21, "the record belongs to another log"],
  [
    "a first segment from another log",
    (d) => fromOther(d, FIRST),
    checkpointFile(0),
    0,
    "the checkpoint belongs to another log",
  ],
  [
    "a renamed segment",
    (d) => renameSync(join(d, SECOND), join(d, segmentFile(20))),
    segmentFile(20),
    21,
    "the file says that it starts at record 20: records were added, or the file was renamed",
  ],
  [
    "a deleted beginning made up in pruned.txt, without a record of it",
    (d) => {
      putNotes(d, "pruned.txt", notesOf(d, checkpointFile(0)).slice(-1));
      rmSync(join(d, FIRST));
      rmSync(join(d, checkpointFile(0)));
    },
    SECOND,
    0,
    "records 0 to 20 are missing, and no signed record says that the log deleted them: the first segments were removed",
  ],
];
