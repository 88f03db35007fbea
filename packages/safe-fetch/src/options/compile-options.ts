import { compileProxy, type ProxyServer } from "../dial/compile-proxy.ts";
import type { TlsMaterial } from "../dial/secure-socket.ts";
import { compileRules, type Rules } from "../rules/compile-rules.ts";
import type { SafeFetchLimits, SafeFetchOptions } from "../types.ts";
import { DEFAULT_LIMITS, mergeLimits } from "./limits.ts";
import { refuseUnknown, SafeFetchOptionError } from "./option-error.ts";

/** Options, read once: every field is there. */
export interface CompiledOptions {
  readonly rules: Rules;
  readonly limits: SafeFetchLimits;
  readonly redirects: "refuse" | "same-origin" | "follow";
  readonly maxRedirects: number;
  readonly tls: TlsMaterial;
  readonly proxy: ProxyServer | undefined;
  readonly connections: number;
  readonly lookup: SafeFetchOptions["lookup"];
}

const KEYS = {
  allow: true,
  limits: true,
  redirects: true,
  maxRedirects: true,
  tls: true,
  proxy: true,
  connections: true,
  lookup: true,
} as const satisfies Record<keyof SafeFetchOptions, true>;

const REDIRECTS: readonly string[] = ["refuse", "same-origin", "follow"];

/** @throws {SafeFetchOptionError} */
export function compileOptions(options: SafeFetchOptions): CompiledOptions {
  refuseUnknown("", options, Object.keys(KEYS));
  const { redirects = "refuse", maxRedirects = 3, connections = 32, tls = {}, proxy, lookup } = options;
  if (!REDIRECTS.includes(redirects)) {
    throw new SafeFetchOptionError("redirects", 'must be "refuse", "same-origin" or "follow".');
  }
  if (!Number.isInteger(maxRedirects) || maxRedirects < 0 || maxRedirects > 20) {
    throw new SafeFetchOptionError("maxRedirects", "must be a whole number from 0 to 20.");
  }
  if (!Number.isInteger(connections) || connections < 1) {
    throw new SafeFetchOptionError("connections", "must be a whole number from 1.");
  }
  // Whatever else tls.connect takes could switch verification off: rejectUnauthorized, checkServerIdentity, secureContext.
  refuseUnknown("tls", tls, ["ca", "cert", "key"]);
  if (proxy !== undefined) refuseUnknown("proxy", proxy, ["url", "ca"]);
  return {
    rules: compileRules(options.allow),
    limits: mergeLimits(DEFAULT_LIMITS, options.limits),
    ...{ redirects, maxRedirects, tls, connections, lookup },
    proxy: proxy === undefined ? undefined : compileProxy(proxy),
  };
}
