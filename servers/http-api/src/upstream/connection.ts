import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { createSafeFetch, type SafeFetch, SafeFetchOptionError, type SafeFetchOptions } from "@hardened-mcp/safe-fetch";
import { ConfigError } from "@hardened-mcp/server";
import { readSecretFile, resolvePath } from "@hardened-mcp/server/config";
import type { ApiConfig } from "../config/api-schema.ts";
import type { HttpApiConfig } from "../config/schema.ts";
import type { BaseUrl } from "./base-url.ts";

/** What all connections of this server go through. */
export interface Network {
  readonly egressProxy: HttpApiConfig["egressProxy"];
  /** Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

const REDIRECTS = { refuse: "refuse", same_origin: "same-origin" } as const;

/**
 * Connections to one API, and to nothing else: a rule for exactly its scheme, host and port.
 *
 * @throws {ConfigError} certificates or keys that cannot be read; a rule that opens too much
 */
export function openConnection(api: string, base: BaseUrl, config: ApiConfig, network: Network): SafeFetch {
  const { upstream } = config;
  return openSafeFetch(`apis.${api}`, {
    allow: [base.rule],
    limits: {
      connectTimeoutMs: upstream.connectTimeoutMs,
      headersTimeoutMs: upstream.headersTimeoutMs,
      bodyTimeoutMs: upstream.bodyTimeoutMs,
      totalTimeoutMs: upstream.deadlineMs,
      maxBytes: upstream.maxResponseBytes,
      maxHeaderBytes: upstream.maxHeaderBytes,
    },
    redirects: REDIRECTS[upstream.redirects],
    maxRedirects: 3,
    connections: upstream.connections,
    ...tlsOf(api, config.tls),
    ...proxyOf(network),
    ...(network.lookup === undefined ? {} : { lookup: network.lookup }),
  });
}

/** @throws {ConfigError} in place of the package's own error, which speaks of options that no operator wrote */
export function openSafeFetch(what: string, options: SafeFetchOptions): SafeFetch {
  try {
    return createSafeFetch(options);
  } catch (error) {
    if (error instanceof SafeFetchOptionError) throw new ConfigError(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

function tlsOf(api: string, tls: ApiConfig["tls"]): Pick<SafeFetchOptions, "tls"> {
  if (tls === undefined) return {};
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw new ConfigError(`apis.${api}.tls needs certFile and keyFile together, or neither.`);
  }
  const ca = readPem(tls.caFile, `apis.${api}.tls.caFile`);
  const cert = readPem(tls.certFile, `apis.${api}.tls.certFile`);
  const key =
    tls.keyFile === undefined ? undefined : readSecretFile(tls.keyFile, `apis.${api}.tls.keyFile`).toString("utf8");
  return {
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
  };
}

/** The configured proxy, if there is one; never that of the environment. @throws {ConfigError} authorities that cannot be read */
export function proxyOf({ egressProxy }: Network): Pick<SafeFetchOptions, "proxy"> {
  if (egressProxy === undefined) return {};
  const ca = readPem(egressProxy.caFile, "egressProxy.caFile");
  return { proxy: { url: egressProxy.url, ...(ca === undefined ? {} : { ca }) } };
}

/** A file of certificates, which are no secret. @throws {ConfigError} it cannot be read, or holds none */
export function readPem(file: string | undefined, what: string): string | undefined {
  if (file === undefined) return undefined;
  const path = resolvePath(file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`${what}: ${path} cannot be read.`, { cause: error });
  }
  // Without one Node would fall back to none at all, and say so only at the first call.
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new ConfigError(`${what}: ${path} holds no certificate.`);
  return text;
}
