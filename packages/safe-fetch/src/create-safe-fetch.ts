import type { Dispatcher } from "undici";
import { createDispatcher } from "./adapters/dispatcher.ts";
import { createFetch } from "./adapters/fetch.ts";
import { createConnector } from "./dial/connector.ts";
import { meteredPool } from "./exchange/metered-client.ts";
import { compileOptions } from "./options/compile-options.ts";
import { createRequest } from "./request/request.ts";
import { createRequestCore } from "./request/request-core.ts";
import { createTargets } from "./request/target.ts";
import { SafeFetchError } from "./safe-fetch-error.ts";
import type { SafeFetch, SafeFetchOptions } from "./types.ts";
import { UndiciAgent } from "./undici.ts";

/**
 * HTTP to the hosts of `allow` and to nobody else. A name is looked up once for each connection, every address it leads to is judged, and
 * the one that is dialled is one of those; literals, redirects and connections that undici makes by itself go the same way.
 *
 * @throws {SafeFetchOptionError} an option that cannot be meant, is not safe, or does not exist
 */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const compiled = compileOptions(options);
  const { rules, limits, lookup, tls, proxy, connections } = compiled;
  const dials = new Set<AbortController>();
  const agent = new UndiciAgent({
    factory: meteredPool,
    connect: createConnector({ rules, lookup, tls, proxy, dials, timeoutMs: limits.connectTimeoutMs }),
    connections,
    pipelining: 1,
    allowH2: false,
    // An experiment that the environment can switch on.
    useMilo: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
  });
  const core = createRequestCore(agent, createTargets(rules), compiled);
  const close = async () => {
    const reason = new SafeFetchError("closed");
    for (const dial of dials) dial.abort(reason);
    await agent.destroy(reason);
  };
  let dispatcher: Dispatcher | undefined;
  return {
    request: createRequest(core, limits),
    fetch: createFetch(core, limits),
    get dispatcher() {
      dispatcher ??= createDispatcher(core, limits, close);
      return dispatcher;
    },
    close,
  };
}
