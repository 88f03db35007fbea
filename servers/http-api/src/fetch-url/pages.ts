import { createSafeFetch, type SafeFetch, SafeFetchOptionError } from "@hardened-mcp/safe-fetch";
import { ConfigError } from "@hardened-mcp/server";
import type { FetchUrlConfig } from "../config/fetch-url-schema.ts";
import { type Admission, createAdmission } from "../upstream/admission.ts";
import { type Network, proxyOf } from "../upstream/connection.ts";

/** Where pages are read from. */
export interface Pages {
  readonly request: SafeFetch["request"];
  /** How much of it all callers together may use. */
  readonly admission: Admission;
  /** Milliseconds a page may take, waiting for a place included. */
  readonly deadlineMs: number;
  close(): Promise<void>;
}

/** Milliseconds for a connection and for a silence; never more than the whole may take. */
const PATIENCE_MS = { connect: 5_000, silence: 10_000 };

/**
 * Opens the way to the hosts of `fetchUrl`. No credential is ever sent there.
 *
 * @throws {ConfigError} a host that cannot be meant, such as a bare `*` or a public suffix
 */
export function openPages(config: FetchUrlConfig, network: Network): Pages {
  try {
    const { request, close } = createSafeFetch({
      allow: config.allow,
      redirects: config.maxRedirects === 0 ? "refuse" : "follow",
      maxRedirects: config.maxRedirects,
      limits: {
        connectTimeoutMs: Math.min(PATIENCE_MS.connect, config.deadlineMs),
        headersTimeoutMs: config.deadlineMs,
        bodyTimeoutMs: Math.min(PATIENCE_MS.silence, config.deadlineMs),
        totalTimeoutMs: config.deadlineMs,
        maxBytes: config.maxBytes,
      },
      ...proxyOf(network),
      ...(network.lookup === undefined ? {} : { lookup: network.lookup }),
    });
    return { request, close, admission: createAdmission(config), deadlineMs: config.deadlineMs };
  } catch (error) {
    if (!(error instanceof SafeFetchOptionError)) throw error;
    throw new ConfigError(`fetchUrl.${error.message}`, { cause: error });
  }
}

/** For a server that is made to be described, and asks nobody. */
export const noPages: Pages = {
  request: () => Promise.reject(new Error("no pages are read while a server is described")),
  admission: createAdmission({ concurrency: 1, queue: 0 }),
  deadlineMs: 1,
  close: async () => undefined,
};
