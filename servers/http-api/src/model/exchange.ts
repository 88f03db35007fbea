import type { Principal } from "@hardened-mcp/server";
import type { Json } from "./json-schema.ts";
import type { HttpMethod } from "./operation.ts";

/** A request as built from an operation and valid arguments. No credential is in it: those are added when it is sent, and only for the API's own origin. */
export interface ApiRequest {
  readonly method: HttpMethod;
  /** Its origin is that of the base URL, and its path lies below the base path. */
  readonly url: URL;
  /** Lower-case names. Never `host`, `authorization`, `cookie`, `content-length`, `transfer-encoding`, `connection`, `proxy-*`, or a name a credential is sent under. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | undefined;
}

export type RequestBody =
  /** Can be sent again. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** A stream of a known length, opened anew for each attempt. */
  | { readonly kind: "stream"; readonly length: number; open(): AsyncIterable<Uint8Array> };

/** For whom, and how, a request is sent. */
export interface SendContext {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  /** Whether sending it twice does what sending it once does: GET, HEAD, PUT, DELETE, or a POST with its idempotency header. */
  readonly isIdempotent: boolean;
  /** Milliseconds the whole exchange may take, attempts and waiting included. */
  readonly deadlineMs: number;
}

/** An answer whose head has come. Whoever gets it reads the body to its end or calls `discard`. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. Ends with {@link UpstreamError} `too_large`, `timeout`, `broken`. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly fromCache: boolean;
  discard(): Promise<void>;
}

/** Why there is no answer, or only part of one. */
export type UpstreamErrorCode =
  /** The name, the address or the port is not allowed, or the connection was refused. Not told apart to callers. */
  | "unreachable"
  /** A redirect that is not followed. */
  | "redirect"
  | "timeout"
  | "cancelled"
  /** The head or the body is larger than the limit, on the wire or decompressed. */
  | "too_large"
  /** The answer is no HTTP, ends early, or is badly compressed. */
  | "broken"
  /** Our credential cannot be had: file, command or authorization server. */
  | "credential"
  /** The caller has no token that could be exchanged. */
  | "no_subject_token"
  /** The circuit breaker is open; `retryAfterMs` says for how long. */
  | "open"
  /** Too many calls at once, or in this minute, for this upstream. */
  | "busy";

/** Nothing of the request, the answer or a credential is in its message; the network's own error is its cause. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly code: UpstreamErrorCode;
  readonly retryAfterMs: number | undefined;
  /** Whether the request may have reached the upstream and changed something there. */
  readonly mayHaveActed: boolean;

  constructor(
    code: UpstreamErrorCode,
    options: ErrorOptions & { readonly retryAfterMs?: number; readonly mayHaveActed?: boolean } = {},
  ) {
    super(code, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.mayHaveActed = options.mayHaveActed ?? false;
  }
}

/** One API's place on the network: pool, credentials, retries, breaker, limits, cache. */
export interface Upstream {
  readonly name: string;
  /** @throws {UpstreamError} */
  send(request: ApiRequest, context: SendContext): Promise<UpstreamAnswer>;
  /** Values that must never be shown: every secret and token in use now, in every form they are sent in. A list never changes: others are another. */
  secrets(): readonly string[];
  /** `away` while the breaker is open. */
  health(): "up" | "away";
  close(): Promise<void>;
}

/** What a tool of an operation answers. */
export interface ApiAnswer {
  readonly status: number;
  /** The selected ones. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, after check, selection and masks. */
  readonly body?: Json;
  /** What is no JSON: plain text, or the readable text of HTML. */
  readonly text?: string;
  /** In our words: what was cut, left out, or does not fit the schema. */
  readonly notes?: readonly string[];
  /** Arguments that ask for the next page; the others stay as they were. */
  readonly next?: Readonly<Record<string, Json>>;
}
