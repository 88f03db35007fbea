import { lookup as systemLookup } from "node:dns";
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { LookupFunction } from "node:net";
import { FetchError } from "./fetch-error.ts";
import { publicLookup, refusePrivateLiteral } from "./public-address.ts";

/** A request to an identity provider. */
export interface GuardedInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Its whole answer; `body` is within the limit. */
export interface GuardedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly body: string;
}

/**
 * One HTTPS exchange that cannot be turned against this machine or its network (SSRF): no redirect is followed, time
 * and size are bounded, and the address that is dialled is the address that was checked.
 */
export type GuardedFetch = (url: URL, init?: GuardedInit) => Promise<GuardedResponse>;

export interface GuardedFetchOptions {
  /** PEM certificates trusted instead of the system's. */
  readonly ca?: string | undefined;
  readonly privateAddresses: "refuse" | "allow";
  /** For the whole exchange, name look-up to last byte. Default 5,000. */
  readonly timeoutMs?: number;
  /** Bytes of an answer's body. Default 256 KiB. */
  readonly maxBytes?: number;
  /** Ends exchanges under way. */
  readonly signal?: AbortSignal;
  /** Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** @throws {FetchError} from each call */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { ca, privateAddresses, timeoutMs = 5_000, maxBytes = 256 * 1024, signal, lookup = systemLookup } = options;
  // An agent of our own: the global one can be pointed at a proxy by the environment.
  const agent = new Agent({ keepAlive: false });
  const guardedLookup = privateAddresses === "allow" ? lookup : publicLookup(lookup);

  return async (url, init = {}) => {
    if (url.protocol !== "https:" || url.username !== "" || url.password !== "") throw new FetchError("not-https");
    if (privateAddresses === "refuse") refusePrivateLiteral(url.hostname);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await exchange(url, init, {
        agent,
        lookup: guardedLookup,
        ...(ca === undefined ? {} : { ca }),
        minVersion: "TLSv1.2",
        // Said, because NODE_TLS_REJECT_UNAUTHORIZED=0 switches the default off.
        rejectUnauthorized: true,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      return await readWhole(response, maxBytes);
    } catch (error) {
      if (error instanceof FetchError) throw error;
      throw new FetchError(timeout.aborted ? "timeout" : "failed", { cause: error });
    }
  };
}

function exchange(
  url: URL,
  { method = "GET", headers, body }: GuardedInit,
  tls: RequestOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    request(url, { ...tls, method, headers: { "accept-encoding": "identity", ...headers, ...length } })
      .on("response", resolve)
      .on("error", reject)
      .end(body);
  });
}

async function readWhole(response: IncomingMessage, maxBytes: number): Promise<GuardedResponse> {
  const status = response.statusCode ?? 0;
  try {
    if (status >= 300 && status < 400) throw new FetchError("redirect");
    if ((response.headers["content-encoding"] ?? "identity") !== "identity") throw new FetchError("encoding");
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new FetchError("too-large");
      chunks.push(chunk);
    }
    return { status, headers: { get: (name) => one(response.headers[name.toLowerCase()]) }, body: utf8(chunks) };
  } finally {
    response.destroy();
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

function utf8(chunks: readonly Buffer[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new FetchError("encoding", { cause });
  }
}
