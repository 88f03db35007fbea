import { SafeFetchError } from "../safe-fetch-error.ts";

/** What feeds a body, and can be told to wait. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Ends the exchange and its connection. */
  abort(reason: SafeFetchError): void;
}

/** Bytes that may wait to be read before the other end is told to wait. */
const QUEUE_BYTES = 64 * 1024;
/** Bytes that are worth reading to keep a connection whose answer nobody wants. */
const DRAIN_BYTES = 64 * 1024;

/**
 * The bytes of an answer between the parser, which pushes, and one reader, who pulls. Holds little more than {@link QUEUE_BYTES}; counts,
 * and stops at `maxBytes`: whoever reads gets what fits, and then the error.
 */
export class IncomingBody implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource;
  readonly #maxBytes: number;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #received = 0;
  #state: "open" | "ended" | "failed" | "discarded" = "open";
  #error: SafeFetchError | undefined;
  #isPaused = false;
  #isTaken = false;
  #wake: (() => void) | undefined;

  constructor(source: BodySource, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  /** Bytes that have come, read or not. */
  get received(): number {
    return this.#received;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  push(chunk: Uint8Array): void {
    this.#received += chunk.length;
    if (this.#state === "discarded") {
      if (this.#received > DRAIN_BYTES) this.#source.abort(new SafeFetchError("cancelled", { mayHaveActed: true }));
      return;
    }
    if (this.#state !== "open") return;
    const over = this.#received - this.#maxBytes;
    const fitting = over > 0 ? chunk.subarray(0, Math.max(0, chunk.length - over)) : chunk;
    if (fitting.length > 0) {
      this.#queue.push(fitting);
      this.#queued += fitting.length;
    }
    if (over > 0) {
      this.#source.abort(this.fail(new SafeFetchError("too_large", { mayHaveActed: true })));
    } else if (this.#queued >= QUEUE_BYTES) {
      this.#isPaused = true;
      this.#source.pause();
    }
    this.#wakeReader();
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#wakeReader();
  }

  fail(error: SafeFetchError): SafeFetchError {
    if (this.#state !== "open") return error;
    this.#state = "failed";
    this.#error = error;
    this.#wakeReader();
    return error;
  }

  /** Nobody wants the rest. A short one is read and thrown away, so that its connection can be used again; a long one ends it. */
  discard(): void {
    this.#queue.length = 0;
    this.#queued = 0;
    if (this.#state !== "open") return;
    this.#state = "discarded";
    this.#wakeReader();
    if (this.#received > DRAIN_BYTES) this.#source.abort(new SafeFetchError("cancelled", { mayHaveActed: true }));
    else this.#resume();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    // Two readers would each get half.
    if (this.#isTaken) throw new TypeError("The body is being read already.");
    this.#isTaken = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.discard();
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        if (this.#queued < QUEUE_BYTES) this.#resume();
        return { done: false, value: chunk };
      }
      if (this.#error !== undefined) throw this.#error;
      if (this.#state !== "open") return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#source.resume();
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
