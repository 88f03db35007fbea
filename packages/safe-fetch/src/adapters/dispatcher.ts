import type { Dispatcher } from "undici";
import type { RawHeaders } from "../exchange/exchange.ts";
import { checkedMethod } from "../request/request.ts";
import type { CoreAnswer, RequestCore } from "../request/request-core.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeFetchLimits } from "../types.ts";
import { wholeUndici } from "../undici.ts";
import { adaptedHeaders, pairsOf } from "./adapted-headers.ts";

type Options = Dispatcher.DispatchOptions;
type Handler = Dispatcher.DispatchHandler;

/**
 * The core behind undici's interface, so that undici's `fetch` and `request` have its bounds: redirects are followed below it, where
 * credentials are dropped, and bodies come out decompressed and counted. What asks for a raw connection (CONNECT, upgrades) is refused.
 */
export function createDispatcher(core: RequestCore, limits: SafeFetchLimits, close: () => Promise<void>): Dispatcher {
  const { Dispatcher: Base } = wholeUndici();
  return Object.assign(new Base(), {
    dispatch(options: Options, handler: Handler): boolean {
      if (typeof handler?.onRequestStart !== "function") {
        throw new TypeError(
          "This dispatcher is for the functions of undici 8. For the global fetch's signature use `fetch`.",
        );
      }
      void run(core, limits, options, handler);
      return true;
    },
    close: (callback?: () => void) => close().then(callback),
    destroy: (first?: unknown, second?: () => void) =>
      close().then(typeof first === "function" ? (first as () => void) : second),
  }) as Dispatcher;
}

async function run(core: RequestCore, limits: SafeFetchLimits, options: Options, handler: Handler): Promise<void> {
  const flow = new Flow();
  let answer: CoreAnswer | undefined;
  try {
    await undefined;
    handler.onRequestStart?.(flow, {});
    flow.throwIfAborted();
    const { origin = "", path, method, body = null, headers, upgrade, query } = options;
    if (upgrade || query) throw new SafeFetchError("invalid_request");
    const url = `${typeof origin === "string" ? origin : origin.origin}${path}`;
    // The path of a request must not be able to end the host before it.
    if (!path.startsWith("/")) throw new SafeFetchError("invalid_request");
    answer = await core(url, {
      method: checkedMethod(method),
      headers: adaptedHeaders(pairsOf(headers), url),
      ...{ body, limits, signal: flow.signal },
    });
    flow.rawHeaders = rawOf(answer.headers);
    handler.onResponseStart?.(flow, answer.status, answer.headers as never, "");
    for await (const chunk of answer.body) {
      flow.throwIfAborted();
      handler.onResponseData?.(flow, chunk as Buffer);
      await flow.flowing();
    }
    flow.throwIfAborted();
    handler.onResponseEnd?.(flow, {});
  } catch (error) {
    answer?.discard();
    handler.onResponseError?.(flow, flow.reason ?? (error as Error));
  }
}

/** Undici's controller, as a handler sees it. */
class Flow implements Dispatcher.DispatchController {
  readonly #stop = new AbortController();
  #resumed: PromiseWithResolvers<void> | undefined;
  reason: Error | null = null;
  rawHeaders: Buffer[] = [];

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get aborted(): boolean {
    return this.#stop.signal.aborted;
  }

  get paused(): boolean {
    return this.#resumed !== undefined;
  }

  abort(reason: Error): void {
    this.reason ??= reason;
    this.#stop.abort(reason);
    this.resume();
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  async flowing(): Promise<void> {
    while (this.#resumed !== undefined) await this.#resumed.promise;
  }

  throwIfAborted(): void {
    if (this.reason !== null) throw this.reason;
  }
}

function rawOf(headers: RawHeaders): Buffer[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === "string" ? [values] : (values ?? [])).flatMap((value) => [
      Buffer.from(name, "latin1"),
      Buffer.from(value, "latin1"),
    ]),
  );
}
