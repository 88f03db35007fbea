import type { SafeResponse } from "@hardened-mcp/safe-fetch";
import type { UpstreamAnswer } from "../model/exchange.ts";
import { toUpstreamError } from "./errors.ts";

/** What belongs to an exchange until its body has ended. */
export interface Exchange {
  readonly signal: AbortSignal;
  /** Whether the request may change something at the upstream. */
  readonly changes: boolean;
  /** Gives back its place and its timer. Calling it again does nothing. */
  end(): void;
}

/** Who wants to have the body too, when it has come to its end and is no longer than `most` bytes. */
export interface Keeping {
  readonly most: number;
  keep(chunks: readonly Uint8Array[]): void;
}

/** An answer whose body is read by whoever asked. */
export function liveAnswer(response: SafeResponse, exchange: Exchange, keeping?: Keeping): UpstreamAnswer {
  return {
    status: response.status,
    headers: response.headers,
    body: readBody(response, exchange, keeping),
    fromCache: false,
    async discard() {
      await discardQuietly(response);
      exchange.end();
    },
  };
}

async function* readBody(
  { body }: SafeResponse,
  exchange: Exchange,
  keeping: Keeping | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (keeping === undefined) yield* body;
    else yield* alsoKept(body, keeping);
  } catch (error) {
    throw toUpstreamError(error, exchange.signal, exchange.changes);
  } finally {
    exchange.end();
  }
}

/** Only a body that came to its end is kept: not one that failed, and not one whose reader went away. */
async function* alsoKept(body: AsyncIterable<Uint8Array>, { most, keep }: Keeping): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] | undefined = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > most) chunks = undefined;
    // A copy, for its reader may change what it is given; a Buffer's own slice would be none.
    chunks?.push(new Uint8Array(chunk));
    yield chunk;
  }
  if (chunks !== undefined) keep(chunks);
}

/** An answer that is known whole. */
export function wholeAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): UpstreamAnswer {
  return {
    status,
    headers,
    body: (async function* () {
      if (body.byteLength > 0) yield body.slice();
    })(),
    fromCache: true,
    discard: async () => {},
  };
}

/** What is thrown away may end as it likes. */
export async function discardQuietly(response: SafeResponse): Promise<void> {
  try {
    await response.discard();
  } catch {
    // It was cut off, or cuts off now.
  }
}
