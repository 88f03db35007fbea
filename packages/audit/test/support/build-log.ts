import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditDetail, AuditEvent, OwnEvent } from "../../src/event.ts";
import { checkpointText } from "../../src/note/checkpoint.ts";
import { signatureLine } from "../../src/note/note.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { recordLine } from "../../src/record/record.ts";
import { createFrontier } from "../../src/tree/frontier.ts";
import { intent, outcome } from "../children/events.ts";
import { type TestSigner, testSigner } from "./keys.ts";

/** Options of {@link buildLog}. */
export interface BuildOptions {
  readonly id?: string;
  readonly signer?: TestSigner;
  /** Where signing.pub goes; default: the log's own folder. */
  readonly keysDir?: string;
}

/**
 * Writes a log by docs/audit/format.md and by nothing else: a second implementation of the format, against which the verifier
 * and the writer are tested. Nothing here waits or recovers; it writes what it is told to.
 */
export interface LogBuilder {
  readonly dir: string;
  readonly id: string;
  readonly size: number;
  /** Root of the tree as it stands. */
  root(): string;
  add(event: AuditEvent | OwnEvent): void;
  /** Calls of two records each. */
  calls(count: number): void;
  own(type: OwnEvent["type"], detail?: AuditDetail): void;
  /** Signs, with the key in use unless told otherwise; returns the note. */
  checkpoint(...signers: TestSigner[]): string;
  /** Ends the segment, signed to its end, and begins the next. */
  roll(options?: { readonly unsigned?: boolean }): void;
  rotateKey(next: TestSigner, fake?: AuditDetail): void;
  /** Deletes the segments before `to`. */
  prune(to: number, fake?: AuditDetail): void;
  /** Lets time pass, on both clocks; otherwise records are 10 ms apart. */
  pass(ms: number): void;
  start(): void;
  stop(): void;
  /** Writes what is still in memory. */
  flush(): void;
}

const digits = (n: number) => String(n).padStart(20, "0");
export const segmentFile = (n: number) => `audit-${digits(n)}.jsonl`;
export const checkpointFile = (n: number) => `checkpoints-${digits(n)}.txt`;

export const signNote = (text: string, ...signers: readonly TestSigner[]) =>
  `${text}\n${signers.map(({ key, sign }) => signatureLine(key, sign(Buffer.from(text)))).join("")}`;

/** Base64url to base64, as a note has a hash. */
const base64 = (hash: string) => Buffer.from(hash, "base64url").toString("base64");

export function buildLog(dir: string, options: BuildOptions = {}): LogBuilder {
  const { id = "test/AAAAAAAAAAAAAAAAAAAAAA", keysDir = dir } = options;
  let signer = options.signer ?? testSigner("key-1");
  const tree = createFrontier();
  const segments: number[] = [0];
  const lastNotes = new Map<number, string>();
  const rootAt = new Map<number, string>();
  let prev = GENESIS;
  let queue: string[] = [];
  let calls = 0;
  let passed = 0;
  mkdirSync(dir, { recursive: true });
  if (!existsSync(join(keysDir, "signing.pub"))) writeFileSync(join(keysDir, "signing.pub"), `${signer.key.text}\n`);
  const segment = () => segments.at(-1) ?? 0;

  function flush(): void {
    appendFileSync(join(dir, segmentFile(segment())), queue.join(""), "latin1");
    queue = [];
  }

  function add(event: AuditEvent | OwnEvent): void {
    const seq = tree.size;
    const ts = new Date(1_800_000_000_000 + passed + seq * 10).toISOString();
    const line = recordLine(event, { log: id, seq, ts, mono: passed + seq * 10, prev }, 32_768);
    queue.push(line.text);
    if (queue.length === 4096) flush();
    tree.append(line.hash);
    prev = line.hash;
  }

  const own: LogBuilder["own"] = (type, detail) => add({ type, detail } as OwnEvent);

  function checkpoint(...signers: TestSigner[]): string {
    flush();
    const note = signNote(
      checkpointText({ origin: id, size: tree.size, root: tree.root() }),
      ...(signers.length > 0 ? signers : [signer]),
    );
    appendFileSync(join(dir, checkpointFile(segment())), `${note}\n`);
    lastNotes.set(segment(), note);
    return note;
  }

  const start = () => {
    own("log.opened", { pid: 1, unfinished: 0, key: "k", signer: signer.key.text });
    checkpoint();
  };

  start();
  return {
    dir,
    id,
    add,
    own,
    checkpoint,
    flush,
    start,
    root: tree.root,
    get size() {
      return tree.size;
    },
    pass(ms) {
      passed += ms;
    },
    calls(count) {
      for (let i = 0; i < count; i++) {
        add(intent(`r${calls}`));
        add(outcome(`r${calls}`));
        calls++;
      }
    },
    roll({ unsigned = false } = {}) {
      if (unsigned) flush();
      else checkpoint();
      const size = tree.size;
      segments.push(size);
      rootAt.set(size, tree.root());
      const edge = Object.fromEntries(tree.nodes().map((node, i) => [`frontier.${i}`, node]));
      own("log.segment", { size, root: tree.root(), ...edge });
    },
    rotateKey(next, fake = {}) {
      const old = signer;
      const size = tree.size;
      const lines = ["hardened-mcp audit key rotation", id, size, base64(tree.root()), old.key.text, next.key.text];
      const message = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      own("log.key_rotated", {
        old: old.key.text,
        new: next.key.text,
        size,
        root: tree.root(),
        old_signature: old.sign(message).toString("base64"),
        new_signature: next.sign(message).toString("base64"),
        ...fake,
      });
      signer = next;
      appendFileSync(join(keysDir, "signing.pub"), `${next.key.text}\n`);
      checkpoint(old, next);
    },
    prune(to, fake = {}) {
      own("log.pruned", { from: segments[0] ?? 0, to, root: rootAt.get(to), why: "count", ...fake });
      checkpoint();
      while ((segments[0] ?? to) < to) {
        const gone = segments.shift() ?? 0;
        appendFileSync(join(dir, "pruned.txt"), `${lastNotes.get(gone)}\n`);
        rmSync(join(dir, segmentFile(gone)));
        rmSync(join(dir, checkpointFile(gone)));
      }
    },
    stop() {
      own("log.stopped");
      checkpoint();
    },
  };
}

/** The lines of a segment, without line feeds. */
export function linesOf(dir: string, segment = 0): string[] {
  return readFileSync(join(dir, segmentFile(segment)), "latin1")
    .split("\n")
    .slice(0, -1);
}

export function putLines(dir: string, lines: readonly string[], segment = 0): void {
  writeFileSync(join(dir, segmentFile(segment)), lines.map((line) => `${line}\n`).join(""), "latin1");
}

/** The notes of a file of checkpoints, each as it stands there, without the empty line behind it. */
export function notesOf(dir: string, file: string): string[] {
  return [...readFileSync(join(dir, file), "utf8").matchAll(/[^\n]+\n\d+\n[^\n]+\n\n(?:\u2014 [^\n]+\n)+/g)].map(
    ([n]) => n,
  );
}

export function putNotes(dir: string, file: string, notes: readonly string[]): void {
  writeFileSync(join(dir, file), notes.map((note) => `${note}\n`).join(""));
}
