import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { appendNote } from "../folder/append-note.ts";
import { checkpointsName } from "../folder/segment.ts";
import { type Checkpoint, checkpointText } from "../note/checkpoint.ts";
import { signatureLine } from "../note/note.ts";
import { signatureBy } from "../signer/signature-by.ts";
import type { Signer } from "../signer/signer.ts";
import { rootOf } from "../tree/frontier.ts";
import { type LogHead, writeHead } from "./head-file.ts";

/** Where a checkpoint is wanted. Everything it speaks of is on disk. */
export interface CheckpointOrder {
  readonly head: LogHead;
  /** It may not be left out in favour of a later one: it ends a segment or a run, or somebody waits for it. */
  readonly must: boolean;
}

/** Options of {@link createCheckpointer}. */
export interface CheckpointerOptions {
  readonly dir: string;
  readonly signer: Signer;
  /** The newest checkpoint so far. */
  readonly signed: Checkpoint | undefined;
  /** Signing has begun to fail, or works again. */
  onChange(event: { readonly type: "log.unsigned" | "log.signed"; readonly size: number }): void;
  /** A checkpoint is on disk. */
  onSigned(checkpoint: Checkpoint, order: CheckpointOrder): void;
  /** It could not be written, which ends the log. */
  onDiskError(error: unknown): void;
}

/** Makes checkpoints, one at a time, in order. */
export interface Checkpointer {
  readonly signed: number;
  /** Resolves when it is on disk, or a later one in its place; rejects when signing it failed, and goes on trying. */
  make(order: CheckpointOrder): Promise<Checkpoint>;
  /** Whether the last attempt to sign failed. */
  readonly failing: boolean;
  /** The first checkpoint of more than `after` records is signed by both, later ones by `signer`. */
  changeSigner(signer: Signer, after: number): void;
  /** Gives up what waits for a signer. */
  stop(): void;
}

interface Waiting {
  readonly head: LogHead;
  must: boolean;
  readonly done: PromiseWithResolvers<Checkpoint>;
}

const HEAD_MS = 1000;
const RETRY_MS = { first: 500, most: 30_000 } as const;

export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { dir } = options;
  const queue: Waiting[] = [];
  let { signer, signed: made } = options;
  let next: { readonly signer: Signer; readonly after: number } | undefined;
  let headAt = Number.NEGATIVE_INFINITY;
  let working = false;
  let stopped = false;
  let failingSince: number | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pauseMs: number = RETRY_MS.first;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let order = queue[0]; order !== undefined && !stopped; order = queue[0]) {
      const by = signersOf(order.head);
      const note = await signedNote(order.head, by).catch(failed);
      // A signature that comes after the end must not be written where another process may be by now.
      if (note === undefined || stopped) break;
      try {
        await appendNote(join(dir, checkpointsName(order.head.segment)), note);
        noteHead(order);
      } catch (error) {
        order.done.reject(new AuditError("unavailable", "a checkpoint could not be written", { cause: error }));
        options.onDiskError(error);
        break;
      }
      queue.splice(queue.indexOf(order), 1);
      if (by.length > 1) [signer, next] = [by[1] ?? signer, undefined];
      succeeded(order);
    }
    working = false;
  }

  /** Under load a hint a second is enough: a start without one reads a segment, and 5 % of every record's cost are saved. */
  function noteHead({ head, must }: Waiting): void {
    if (!must && performance.now() - headAt < HEAD_MS) return;
    headAt = performance.now();
    writeHead(dir, head);
  }

  function signersOf({ size }: LogHead): readonly Signer[] {
    return next === undefined || size <= next.after ? [signer] : [signer, next.signer];
  }

  function succeeded(order: Waiting): void {
    const { size, log, nodes } = order.head;
    pauseMs = RETRY_MS.first;
    if (failingSince !== undefined) {
      failingSince = undefined;
      options.onChange({ type: "log.signed", size });
    }
    const checkpoint = { origin: log, size, root: rootOf(nodes) };
    made = checkpoint;
    order.done.resolve(checkpoint);
    options.onSigned(checkpoint, order);
  }

  /** Whoever waits is told; the order stays, and is tried again. */
  function failed(error: unknown): undefined {
    for (const { done } of queue) {
      done.reject(new AuditError("unavailable", "a checkpoint could not be signed", { cause: error }));
    }
    if (failingSince === undefined) {
      failingSince = performance.now();
      options.onChange({ type: "log.unsigned", size: made?.size ?? 0 });
    }
    retry = setTimeout(() => void work(), pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, RETRY_MS.most);
    return undefined;
  }

  return {
    get signed() {
      return made?.size ?? 0;
    },
    make(order) {
      const last = queue.at(-1);
      // The same may be wanted for two reasons, its number and the stop: it is signed once, so that sizes always grow.
      if (last !== undefined && order.head.size === last.head.size) {
        last.must ||= order.must;
        return last.done.promise;
      }
      if (order.head.size === made?.size) return Promise.resolve(made);
      const waiting = { ...order, done: Promise.withResolvers<Checkpoint>() };
      waiting.done.promise.catch(() => undefined);
      // A slow signer must not make orders pile up; a later checkpoint says all that an earlier one does.
      if (last !== undefined && !last.must && !(working && queue.length === 1)) {
        queue.pop();
        last.done.resolve(waiting.done.promise);
      }
      queue.push(waiting);
      if (failingSince === undefined) void work();
      return waiting.done.promise;
    },
    get failing() {
      return failingSince !== undefined;
    },
    changeSigner(by, after) {
      next = { signer: by, after };
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      for (const { done } of queue) done.reject(new AuditError("unavailable", "the audit log is closed"));
    },
  };
}

async function signedNote(head: LogHead, signers: readonly Signer[]): Promise<string> {
  const text = checkpointText({ origin: head.log, size: head.size, root: rootOf(head.nodes) });
  const message = Buffer.from(text);
  let note = `${text}\n`;
  for (const signer of signers) note += signatureLine(signer.key, await signatureBy(signer, message));
  return note;
}
