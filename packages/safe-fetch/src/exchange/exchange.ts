import type { Dispatcher } from "undici";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeFetchLimits } from "../types.ts";
import { Deadline } from "./deadline.ts";
import { IncomingBody } from "./incoming-body.ts";
import type { Meter, Metered } from "./metered-client.ts";
import { networkError } from "./network-error.ts";

type Controller = Dispatcher.DispatchController;

/** Names in lower case; several lines of one name as they came. */
export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What goes over the wire, once. */
export interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly body: NonNullable<Dispatcher.DispatchOptions["body"]> | null;
}

/** An answer as it comes: not decompressed, no redirect followed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: IncomingBody;
}

/** What bounds an exchange from outside. */
export interface ExchangeBounds {
  readonly limits: SafeFetchLimits;
  /** On the clock of `performance.now()`: when the last byte has to be there. */
  readonly endsAt: number;
  readonly signal: AbortSignal | undefined;
}

/** One request and its answer. @throws {SafeFetchError} */
export function exchange(agent: Dispatcher, request: WireRequest, bounds: ExchangeBounds): Promise<WireAnswer> {
  const { limits, signal } = bounds;
  if (signal?.aborted === true) throw new SafeFetchError("cancelled", { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const { origin, path, method, headers, body } = request;
    agent.dispatch(
      {
        ...{ origin, path, method, body },
        // Undici writes into neither.
        headers: headers as string[],
        headersTimeout: limits.headersTimeoutMs,
        bodyTimeout: limits.bodyTimeoutMs,
      },
      new ExchangeHandler(bounds, resolve, reject),
    );
  });
}

/** Bytes that may have come and not been looked at: what Node and the kernel hand over before anyone can say stop. */
const SLACK_BYTES = 256 * 1024;
/** Bytes on the wire for each of a body: what chunks of one byte take, without the extensions that nobody uses (RFC 9112, section 7.1.1). */
const MOST_PER_BODY_BYTE = 6;

class ExchangeHandler implements Dispatcher.DispatchHandler, Metered {
  meter?: Meter;
  readonly #limits: SafeFetchLimits;
  readonly #deadline: Deadline;
  readonly #resolve: (answer: WireAnswer) => void;
  readonly #reject: (error: SafeFetchError) => void;
  #controller: Controller | undefined;
  #body: IncomingBody | undefined;
  #stopped: SafeFetchError | undefined;

  constructor(
    { limits, endsAt, signal }: ExchangeBounds,
    resolve: (answer: WireAnswer) => void,
    reject: (error: SafeFetchError) => void,
  ) {
    this.#limits = limits;
    this.#deadline = new Deadline(this, Math.max(1, endsAt - performance.now()), signal);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whoever waits is told at once; the connection ends with it. */
  stop(reason: SafeFetchError): void {
    this.#settle(reason);
    this.#stopped = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#stopped === undefined) {
      this.meter?.begin(this);
      return;
    }
    const reason = this.#stopped;
    // Undici is about to write: what was given up while it waited for a connection must not go out.
    controller.abort(reason);
  }

  onBytes(bytes: number): void {
    const { maxHeaderBytes } = this.#limits;
    const expected = maxHeaderBytes + SLACK_BYTES + MOST_PER_BODY_BYTE * (this.#body?.received ?? 0);
    if (bytes > expected) this.#controller?.abort(new SafeFetchError("too_large", { mayHaveActed: true }));
  }

  onResponseStart(controller: Controller, status: number, headers: RawHeaders): void {
    // RFC 9110, section 15.2: what comes before the answer. How often is bounded by the bytes of everything.
    if (status < 200) return;
    const { maxBytes, maxHeaderBytes } = this.#limits;
    if (headSize(controller.rawHeaders) > maxHeaderBytes) {
      controller.abort(new SafeFetchError("too_large", { mayHaveActed: true }));
      return;
    }
    this.#body = new IncomingBody(controller, maxBytes);
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_: Controller, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#deadline.clear();
    this.meter?.end(this);
    this.#body?.end();
  }

  onResponseError(_: Controller, error: Error): void {
    this.#settle(error);
  }

  #settle(error: Error): void {
    const known = networkError(error, this.#controller !== undefined);
    this.#deadline.clear();
    this.meter?.end(this);
    this.#body?.fail(known);
    this.#reject(known);
  }
}

function headSize(raw: Controller["rawHeaders"]): number {
  if (!Array.isArray(raw)) return 0;
  let size = 0;
  for (const part of raw) size += part.length;
  return size;
}
