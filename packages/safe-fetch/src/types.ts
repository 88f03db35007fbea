import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import type { HostRule } from "./host-rule.ts";

/** What bounds one exchange; what is left out is the default of `DEFAULT_LIMITS`. */
export interface SafeFetchLimits {
  /** Look-up, connection and TLS together. */
  readonly connectTimeoutMs: number;
  /** From the request to the whole head of the answer. */
  readonly headersTimeoutMs: number;
  /** Between two pieces of the body. */
  readonly bodyTimeoutMs: number;
  /** Everything, to the last byte of the body. */
  readonly totalTimeoutMs: number;
  /** Of a body as it comes, and of what it decompresses to. */
  readonly maxBytes: number;
  readonly maxHeaderBytes: number;
}

export interface SafeFetchOptions {
  /** Who may be asked. At least one. */
  readonly allow: readonly HostRule[];
  readonly limits?: Partial<SafeFetchLimits>;
  /** `same-origin`: within the origin of the first URL. `follow`: to whatever `allow` allows, credentials dropped across origins. GET and HEAD only. Default `refuse`. */
  readonly redirects?: "refuse" | "same-origin" | "follow";
  /** Default 3. */
  readonly maxRedirects?: number;
  /** PEM. Verification cannot be switched off. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Everything goes through this HTTP proxy (CONNECT). The proxy then resolves names, so it has to check addresses; hosts, ports and literals are checked here. Default: none, whatever the environment says. */
  readonly proxy?: { readonly url: string; readonly ca?: string };
  /** Most connections to one origin, kept alive. Default 32. */
  readonly connections?: number;
  /** Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

export interface SafeRequest {
  /** Default GET. Not CONNECT, not TRACE. */
  readonly method?: string;
  /** Not those that frame or address a message, such as `host`, `connection` and `content-length`. `accept-encoding` is set unless given. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream needs `bodyLength`, and is never sent twice. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly bodyLength?: number;
  readonly signal?: AbortSignal;
  /**
   * Asked before each redirect that would be followed: the URL to ask in its place, mostly the same, or `undefined` to refuse
   * (`redirect`). What it says is held against `allow` and `redirects` like any other. Default: each as it comes.
   */
  readonly redirectTo?: (to: URL) => URL | undefined;
  /** Over those of the client. Connections are shared: `connectTimeoutMs` stays the client's, and `maxHeaderBytes` can only be less. */
  readonly limits?: Partial<SafeFetchLimits>;
}

/** An answer whose head has come. Whoever gets it reads the body to its end or discards it. */
export interface SafeResponse {
  readonly status: number;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /**
   * Decompressed (gzip, deflate, br, zstd; `content-encoding` and `content-length` are then not in `headers`), bounded: whoever reads gets
   * what fits into `maxBytes`, and then the error. For one reader, once. @throws {SafeFetchError} while it is read
   */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

export interface SafeFetch {
  /** @throws {SafeFetchError} */
  request(url: URL | string, request?: SafeRequest): Promise<SafeResponse>;
  /**
   * The global's signature, for libraries that take one. Redirects as configured, whatever `init.redirect` says. Rejects as the global does:
   * a `TypeError` whose cause is the `SafeFetchError`, or the reason of an aborted signal.
   */
  readonly fetch: typeof globalThis.fetch;
  /** For undici's own `fetch` and `request`, of version 8: the same path, redirects and decompression included. No CONNECT, no upgrades. */
  readonly dispatcher: Dispatcher;
  /** Drops idle connections; requests under way end with `closed`. */
  close(): Promise<void>;
}
