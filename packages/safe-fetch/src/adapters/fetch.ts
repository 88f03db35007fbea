import { ACCEPT_ENCODING } from "../exchange/decompress.ts";
import { checkedMethod } from "../request/request.ts";
import type { CoreAnswer, RequestCore } from "../request/request-core.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeFetchLimits } from "../types.ts";
import { adaptedHeaders } from "./adapted-headers.ts";

/** Statuses that `Response` takes no body with. */
const BODILESS: readonly number[] = [204, 205, 304];

/**
 * The global's signature over the same core as `request`, and not over undici's fetch: that one follows redirects by itself and takes
 * only `Authorization`, `Cookie` and `Host` away when it leaves an origin, so an API key in a header of its own would go along.
 */
export function createFetch(core: RequestCore, limits: SafeFetchLimits): typeof globalThis.fetch {
  return async function safeFetch(input, init) {
    const request = new Request(input, init);
    // Not the request's own, which follows this one and would have to be collected first.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    try {
      const headers = adaptedHeaders(request.headers, request.url);
      if (!request.headers.has("accept-encoding")) headers.push("accept-encoding", ACCEPT_ENCODING);
      const answer = await core(request.url, {
        method: checkedMethod(request.method),
        headers,
        // Read whole: a body that could not be measured could not be framed either.
        body: request.body === null ? null : new Uint8Array(await request.arrayBuffer()),
        signal,
        limits,
      });
      return responseOf(answer);
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw error instanceof SafeFetchError ? new TypeError("fetch failed", { cause: error }) : error;
    }
  };
}

function responseOf(answer: CoreAnswer): Response {
  const { status, headers, url, isRedirected, body } = answer;
  if (status > 599) {
    answer.discard();
    throw new SafeFetchError("broken", { mayHaveActed: true });
  }
  const list: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string") list.push([name, value]);
    else for (const one of value ?? []) list.push([name, one]);
  }
  const isBodiless = BODILESS.includes(status);
  if (isBodiless) answer.discard();
  const response = new Response(isBodiless ? null : streamOf(body), { status, headers: list });
  const shown = new URL(url);
  shown.hash = "";
  return Object.defineProperties(response, {
    url: { value: shown.href },
    redirected: { value: isRedirected },
  });
}

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    // Nothing is read before someone asks: what waits is bounded below.
    { highWaterMark: 0 },
  );
}
