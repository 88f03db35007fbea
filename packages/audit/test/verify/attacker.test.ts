import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { checkpointText } from "../../src/note/checkpoint.ts";
import { OWNER, rechain, rehash, THIEF } from "../support/attack.ts";
import {
  buildLog,
  checkpointFile,
  linesOf,
  notesOf,
  putLines,
  putNotes,
  segmentFile,
  signNote,
} from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

/** The owner's log: four segments of which one was deleted, a change of key, ended well. */
function ownersLog(dir: string, id?: string): void {
  const log = buildLog(dir, id === undefined ? {} : { id });
  log.calls(2);
  log.roll();
  const second = log.size - 1;
  log.calls(3);
  log.checkpoint();
  log.calls(1);
  log.rotateKey(testSigner("key-2"));
  log.calls(2);
  log.roll();
  log.calls(2);
  log.prune(second);
  log.calls(2);
  log.checkpoint();
  log.calls(1);
  log.roll();
  log.calls(3);
  log.stop();
}

/** What an attacker has: the folder, an older copy of it, another log of the same owner, and no key but their own. */
interface Scene {
  readonly dir: string;
  readonly other: string;
  readonly pick: (n: number) => number;
}

const segmentsOf = (dir: string) =>
  readdirSync(dir)
    .filter((name) => name.startsWith("audit-"))
    .map((name) => Number(name.slice(6, 26)))
    .sort((a, b) => a - b);
const noteFiles = (dir: string) => readdirSync(dir).filter((name) => /^(checkpoints-|pruned)/.test(name));

const changeLines = ({ dir, pick }: Scene, change: (lines: string[], at: number) => string[]) => {
  const segments = segmentsOf(dir);
  if (segments.length === 0) return;
  const segment = segments[pick(segments.length)]!;
  const lines = linesOf(dir, segment);
  if (lines.length > 0) putLines(dir, change(lines, pick(lines.length)), segment);
};
const changeNotes = ({ dir, pick }: Scene, change: (notes: string[], at: number) => string[]) => {
  const files = noteFiles(dir);
  if (files.length === 0) return;
  const file = files[pick(files.length)]!;
  const notes = notesOf(dir, file);
  if (notes.length > 0) putNotes(dir, file, change(notes, pick(notes.length)));
};

const MOVES: Readonly<Record<string, (scene: Scene) => void>> = {
  edit: (s) => changeLines(s, (l, i) => l.with(i, rehash(l[i]!.replace(/u-1|ok|pid/, "xx")))),
  remove: (s) => changeLines(s, (l, i) => l.toSpliced(i, 1)),
  double: (s) => changeLines(s, (l, i) => l.toSpliced(i, 0, l[i]!)),
  cut: (s) => changeLines(s, (l, i) => l.slice(0, i)),
  removeSegment: ({ dir, pick }) => {
    const segments = segmentsOf(dir);
    if (segments.length > 0) rmSync(join(dir, segmentFile(segments[pick(segments.length)]!)));
  },
  removeFirst: ({ dir }) => {
    // With everything that a real deletion leaves, but the record of it.
    const [first] = segmentsOf(dir);
    if (first === undefined || !existsSync(join(dir, checkpointFile(first)))) return;
    const last = notesOf(dir, checkpointFile(first)).at(-1);
    const before = existsSync(join(dir, "pruned.txt")) ? notesOf(dir, "pruned.txt") : [];
    if (last) putNotes(dir, "pruned.txt", [...before, last]);
    rmSync(join(dir, segmentFile(first)));
    rmSync(join(dir, checkpointFile(first)));
  },
  removeLast: ({ dir }) => {
    const last = segmentsOf(dir).at(-1);
    if (last === undefined) return;
    rmSync(join(dir, segmentFile(last)));
    rmSync(join(dir, checkpointFile(last)), { force: true });
  },
  removeNotes: ({ dir, pick }) => {
    const files = noteFiles(dir);
    if (files.length > 0) rmSync(join(dir, files[pick(files.length)]!));
  },
  cutNotes: (s) => changeNotes(s, (n, i) => n.slice(0, i)),
  removeNote: (s) => changeNotes(s, (n, i) => n.toSpliced(i, 1)),
  moveNote: (s) => {
    const files = noteFiles(s.dir);
    if (files.length === 0) return;
    const note = notesOf(s.dir, files[s.pick(files.length)]!)[0];
    if (note) changeNotes(s, (n, i) => n.toSpliced(i, 0, note));
  },
  signNote: (s) => changeNotes(s, (n, i) => n.with(i, signNote(n[i]!.slice(0, n[i]!.indexOf("\n\n") + 1), THIEF))),
  addSignature: (s) =>
    changeNotes(s, (n, i) => {
      const text = n[i]!.slice(0, n[i]!.indexOf("\n\n") + 1);
      return n.with(i, `${n[i]}${signNote(text, THIEF).slice(text.length + 1)}`);
    }),
  ownKey: ({ dir, pick }) => {
    const both = `${OWNER.key.text}\n${THIEF.key.text}\n`;
    writeFileSync(join(dir, "signing.pub"), pick(2) === 0 ? both : `${THIEF.key.text}\n`);
  },
  fromOther: ({ dir, other, pick }) => {
    const names = readdirSync(other);
    const name = names[pick(names.length)]!;
    copyFileSync(join(other, name), join(dir, name));
  },
  rename: ({ dir, pick }) => {
    const segments = segmentsOf(dir);
    if (segments.length === 0) return;
    const from = segments[pick(segments.length)]!;
    renameSync(join(dir, segmentFile(from)), join(dir, segmentFile(from + 1 - pick(3))));
  },
  chainAnew: ({ dir }) => {
    const segments = segmentsOf(dir);
    if (segments[0] === 0) rechain(dir, segments);
  },
  signAnew: ({ dir }) => {
    // From the last checkpoint on, with the thief's key.
    const last = segmentsOf(dir).at(-1);
    if (last === undefined) return;
    const lines = linesOf(dir, last);
    if (lines.length === 0) return;
    const { log } = JSON.parse(lines[0]!);
    const text = checkpointText({ origin: log, size: last + lines.length, root: "A".repeat(43) });
    const before = existsSync(join(dir, checkpointFile(last))) ? notesOf(dir, checkpointFile(last)) : [];
    putNotes(dir, checkpointFile(last), [...before, signNote(text, THIEF)]);
  },
  sayPruned: ({ dir }) => {
    const segments = segmentsOf(dir);
    const last = segments.at(-1);
    if (last === undefined) return;
    const lines = linesOf(dir, last);
    if (lines.length === 0) return;
    const before = JSON.parse(lines.at(-1)!);
    const { hash: _hash, prev: _prev, ...rest } = before;
    const detail = { from: 0, to: segments[1] ?? last, why: "age" };
    const record = { ...rest, seq: before.seq + 1, type: "log.pruned", detail, prev: before.hash, hash: "" };
    putLines(dir, [...lines, rehash(JSON.stringify(record))], last);
  },
};

test("whatever is done without the key, an intact log's signed records are the ones that were written", async () => {
  const original = join(temporaryFolder(), "log");
  ownersLog(original);
  const other = join(temporaryFolder(), "log");
  ownersLog(other, "test/BBBBBBBBBBBBBBBBBBBBBB");
  const written = new Map<number, string>();
  for (const segment of segmentsOf(original)) {
    for (const line of linesOf(original, segment)) written.set(JSON.parse(line).seq, line);
  }
  const begin = segmentsOf(original)[0];
  const seen = { intact: 0, tampered: 0, shorter: 0, unreadable: 0 };
  const names = Object.keys(MOVES);
  const plan = fc.array(
    fc.record({ move: fc.constantFrom(...names), dice: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  const root = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(plan, async (moves) => {
      const dir = join(root, String(run++));
      cpSync(original, dir, { recursive: true });
      for (const { move, dice } of moves) {
        let turn = 0;
        MOVES[move]?.({ dir, other, pick: (n) => dice[turn++ % dice.length]! % n });
      }
      const { status, logs } = await verifyAuditLog(dir, { keys: [OWNER.key] });
      seen[status]++;
      if (status === "intact") {
        expect(logs[0]?.from).toBe(begin);
        for (const segment of segmentsOf(dir)) {
          for (const line of readFileSync(join(dir, segmentFile(segment)), "latin1")
            .split("\n")
            .filter(Boolean)) {
            const { seq } = JSON.parse(line);
            if (seq < logs[0]!.signed) expect(line).toBe(written.get(seq));
          }
        }
      }
      rmSync(dir, { recursive: true });
    }),
    { numRuns: 500 },
  );
  // The test is worth something only if attacks of every kind of outcome were among them.
  expect(seen.tampered).toBeGreaterThan(50);
  expect(seen.intact).toBeGreaterThan(5);
  expect(seen.shorter).toBeGreaterThan(0);
});
