import type { AuditLog, Recovered } from "../audit-log.ts";
import { compareDefinitions } from "../definitions/definitions.ts";
import { AuditError } from "../errors.ts";
import type { AuditEvent, OwnEvent } from "../event.ts";
import type { Checkpoint } from "../note/checkpoint.ts";
import type { Settings } from "../options.ts";
import { createClock, type Moment } from "../record/clock.ts";
import { recordLine } from "../record/record.ts";
import type { Signer } from "../signer/signer.ts";
import type { Frontier } from "../tree/frontier.ts";
import type { Hash } from "../tree/node-hash.ts";
import { announceKey } from "./announce-key.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { groupCommit } from "./commit.ts";
import { edgeDetail } from "./edge.ts";
import type { LogHead } from "./head-file.ts";
import type { OpenIntents } from "./intents.ts";
import { findPrunable, prune } from "./retention.ts";
import type { SegmentSink } from "./sink.ts";
import { createUnsigned } from "./unsigned.ts";
import { within } from "./within.ts";

/** Where the chain continues, and what it needs. */
export interface WriterOptions extends Settings {
  readonly logId: string;
  readonly signer: Signer;
  readonly sink: SegmentSink;
  readonly prev: Hash;
  /** The tree over all records so far. */
  readonly frontier: Frontier;
  readonly open: OpenIntents;
  /** The segment that is written to: its first number, bytes, and time of its first record. */
  readonly segment: { readonly firstSeq: number; readonly bytes: number; readonly sinceMs: number };
  /** The newest checkpoint. */
  readonly signed: Checkpoint | undefined;
  readonly recovered: Recovered;
  readonly digest: AuditLog["digest"];
  /** Replaces the digest key where its time is over, also while nobody digests. */
  readonly renewKey: () => void;
  /** Puts a key on the list that verifiers read. */
  readonly publish: (key: string) => void;
  /** Releases the lock. */
  readonly onClose: () => void;
}

/** An {@link AuditLog} that can also record about itself. */
export interface Writer extends AuditLog {
  note(event: OwnEvent): number;
  /** Deletes what is older than is to be kept. */
  prune(): Promise<void>;
}

/** Calls under way that a hint names: it is written often, and a start names a hundred. */
const MAX_HINTED = 1000;
/** What the last checkpoint of a run, or a deletion under way, may take of a stop. */
const STOP_MS = 5000;

/** A checkpoint that is wanted whatever the count of records, and who waits for it. */
interface Wish {
  readonly must: boolean;
  readonly done: PromiseWithResolvers<Checkpoint>;
}

/** The life of an open log: chain and tree in memory, queue to the sink, checkpoints, one end. */
export function startWriter(options: WriterOptions): Writer {
  const { dir, logId, digest, frontier, open } = options;
  const commit = groupCommit(options.sink, { ...options, onSeal });
  const now = createClock();
  /** Hashes of records that are not in the tree yet: it grows once a batch, while nobody waits for the disk. */
  let unfolded: Hash[] = [];
  let { signer, prev } = options;
  let nextSeq = frontier.size;
  let { firstSeq: segment, bytes: segmentBytes, sinceMs: segmentSince } = options.segment;
  /** Size that was last ordered to be signed, and whether one is wanted whatever the count. */
  let ordered = options.signed?.size ?? 0;
  let wanted: Wish | undefined;
  let closing: Promise<void> | undefined;
  let pruning: Promise<void> | undefined;

  const checkpoints = createCheckpointer({
    ...options,
    onChange({ type, size }) {
      if (commit.failed || closing !== undefined) return;
      append({ type, detail: type === "log.unsigned" ? { since: size } : { size } });
      // What came meanwhile has waited long enough.
      if (type === "log.signed") void want(false).catch(() => undefined);
    },
    onSigned(made, order) {
      unsigned.signed(made.size);
      if (order.head.segment !== segment) void pruneNow();
    },
    onDiskError: (error) => commit.fail("a checkpoint could not be written", error),
  });

  const unsigned = createUnsigned(ordered, options.maxUnsignedMs);

  const timer = setInterval(() => {
    renewKey();
    if (nextSeq > ordered) void want(false).catch(() => undefined);
  }, options.checkpointMs).unref();

  /** @param bounded whether it is refused when too much waits to be signed; what the log says of itself is not */
  function append(event: AuditEvent | OwnEvent, bounded = false): number {
    const moment = now();
    if (bounded) unsigned.ensureBounded(nextSeq, moment.mono, event.type === "call.outcome");
    if (moment.stepMs !== 0) put({ type: "log.clock_stepped", detail: { step_ms: moment.stepMs } }, moment);
    const full = segmentBytes >= options.maxSegmentBytes || moment.ms - segmentSince >= options.maxSegmentAgeMs;
    // One end that waits to be signed is what a crash can leave; more look like checkpoints that were removed.
    if (full && segmentBytes > 0 && checkpoints.signed >= segment) startSegment(moment);
    return put(event, moment);
  }

  function put(event: AuditEvent | OwnEvent, { ts, mono }: Moment): number {
    const seq = nextSeq;
    const line = recordLine(event, { log: logId, seq, ts, mono, prev }, options.maxRecordBytes);
    // Queue and chain move together: a throw above leaves both as they were.
    commit.add(line.text);
    unfolded.push(line.hash);
    unsigned.wrote(seq, mono);
    prev = line.hash;
    nextSeq = seq + 1;
    segmentBytes += line.text.length;
    if ("ref" in event) open.see(event.type, event.ref, seq, "tool" in event ? event.tool : undefined);
    return seq;
  }

  /** The end of the old segment is signed; the new one begins with the edge of the tree, so that it can stand alone. */
  function startSegment(moment: Moment): void {
    wish(true);
    commit.cut(nextSeq);
    segment = nextSeq;
    segmentBytes = 0;
    segmentSince = moment.ms;
    put({ type: "log.segment", detail: edgeDetail(frontier) }, moment);
  }

  function fold(): void {
    for (const leaf of unfolded) frontier.append(leaf);
    unfolded = [];
  }

  /** A batch is complete: the tree grows by it, and a checkpoint of exactly it is ordered for when it is on disk. */
  function onSeal(): (() => void) | undefined {
    fold();
    const asked = wanted;
    if (asked === undefined && frontier.size - ordered < options.checkpointRecords) return undefined;
    wanted = undefined;
    orders(frontier.size);
    const order = { head: head(), must: asked?.must ?? false };
    return () => {
      const made = checkpoints.make(order);
      if (asked) made.then(asked.done.resolve, asked.done.reject);
    };
  }

  function renewKey(): void {
    try {
      options.renewKey();
    } catch (error) {
      commit.fail("the digest key could not be replaced", error);
    }
  }

  function orders(size: number): void {
    ordered = size;
    unsigned.ordered(size);
  }

  function head(): LogHead {
    return {
      log: logId,
      size: frontier.size,
      nodes: frontier.nodes(),
      segment,
      offset: segmentBytes,
      open: open.list().slice(0, MAX_HINTED),
    };
  }

  function wish(must: boolean): Wish {
    const done = wanted?.done ?? Promise.withResolvers<Checkpoint>();
    // Not everything that wants one waits for it.
    done.promise.catch(() => undefined);
    wanted = { must: must || wanted?.must === true, done };
    return wanted;
  }

  /** Orders a checkpoint of everything written so far; resolves when it is made. */
  async function want(must: boolean): Promise<Checkpoint> {
    if (commit.failed) throw commit.failed;
    if (commit.idle) {
      fold();
      orders(frontier.size);
      return await checkpoints.make({ head: head(), must });
    }
    const { done } = wish(must);
    await commit.durable();
    return await done.promise;
  }

  function pruneNow(): Promise<void> {
    pruning ??= pruneOnce().finally(() => {
      pruning = undefined;
    });
    return pruning;
  }

  async function pruneOnce(): Promise<void> {
    if (commit.failed || closing !== undefined) return;
    try {
      const found = findPrunable(dir, options);
      if (found === undefined) return;
      const { from, to, why, checkpoint } = found;
      append({ type: "log.pruned", detail: { from, to, root: checkpoint.root, why } });
      // Only a signed announcement counts: anybody who may write to the folder can add one that is not.
      const announced = await want(true).catch(() => undefined);
      if (announced !== undefined) await prune(dir, found);
    } catch (error) {
      commit.fail("old segments could not be deleted", error);
    }
  }

  async function rotateKey(next: Signer): Promise<void> {
    options.publish(next.key.text);
    const state = () => {
      fold();
      return { log: logId, size: nextSeq, root: frontier.root(), old: signer.key.text, next: next.key.text };
    };
    await announceKey(signer, next, state, (event) => {
      const seq = put(event, now());
      checkpoints.changeSigner(next, seq);
    });
    signer = next;
    await want(true);
  }

  async function end(): Promise<void> {
    clearInterval(timer);
    // What is being deleted is deleted under our lock.
    if (pruning !== undefined) await within(STOP_MS, pruning);
    try {
      // Even when the queue is full: the file may be closed only after everything queued has left.
      if (commit.failed) throw commit.failed;
      append({ type: "log.stopped" });
      await commit.durable();
      // A signer that is away, or hangs, keeps nobody from stopping; the next start signs what is left.
      if (!checkpoints.failing) await within(STOP_MS, want(true));
      if (commit.failed) throw commit.failed;
    } finally {
      checkpoints.stop();
      options.sink.close();
      options.onClose();
    }
  }

  return {
    dir,
    logId,
    digest,
    recovered: options.recovered,
    drift: (tools, off) => compareDefinitions(dir, tools, off),
    get publicKey() {
      return signer.key.text;
    },
    get failed() {
      return commit.failed;
    },
    write(event) {
      if (closing) throw new AuditError("unavailable", "the audit log is closed");
      commit.ensureRoom();
      return append(event, true);
    },
    note: (event) => append(event),
    prune: pruneNow,
    durable: () => commit.durable(),
    checkpoint: () => want(true),
    rotateKey,
    close() {
      closing ??= end();
      return closing;
    },
  };
}
