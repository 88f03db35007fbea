import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "./api-schema.ts";
import { isInTheClear } from "./clear-text.ts";

/**
 * Where an API is: what the configuration says, or else the only server that its document names. A document is somebody else's text, so
 * that server has to be on the public internet, by https: a private one opens a network, and is for the operator to write down. So is one
 * that gets a credential: whoever writes the document, or changes it, would have it.
 *
 * @param documented the document's only server
 * @throws {ConfigError} there is none, or none written down that a credential may go to; one with a user name, a query or a fragment; a credential that would be sent in the clear
 */
export function baseUrlOf(name: string, api: ApiConfig, documented: string | undefined): string {
  const key = `apis.${name}.baseUrl`;
  const remedy = `Write down where the API is: ${key}${name === "api" ? ", or --base-url" : ""}.`;
  if (api.baseUrl === undefined && (api.credential !== undefined || api.tls?.certFile !== undefined)) {
    throw new ConfigError(
      `${key} is missing, and the API has a credential or a certificate: a document must not decide who gets it. ${remedy}`,
    );
  }
  const url = URL.parse(api.baseUrl ?? documented ?? "");
  if (url === null) {
    throw new ConfigError(`${key} is missing, and the document names no single server with an absolute URL. ${remedy}`);
  }
  if (api.baseUrl === undefined && !isPlainlyPublic(url)) {
    throw new ConfigError(
      `${key} is missing, and the document's server is not used without it: it is not https, or its host is an address or this machine. ${remedy}`,
    );
  }
  // Nothing of it is repeated: what is wrong with it may be that it holds a secret.
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(
      `${key} holds a user name or a password. Write a credential instead: apis.${name}.credential.`,
    );
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(url.href)) {
    throw new ConfigError(`${key} must end with its path, without a query and a fragment.`);
  }
  if (api.credential !== undefined && isInTheClear(url, api.privateAddresses)) {
    throw new ConfigError(
      `${key} is http, and the credential of the API would be sent in the clear. Use https; for a host of your own network, say so with apis.${name}.privateAddresses.`,
    );
  }
  return url.href;
}

/** https, and a host with a public name: one dot at least, and no address. */
function isPlainlyPublic({ protocol, hostname }: URL): boolean {
  if (protocol !== "https:" || hostname.startsWith("[") || /^[\d.]+$/.test(hostname)) return false;
  const labels = hostname.replace(/\.$/, "").split(".");
  return labels.length > 1 && !NOT_PUBLIC.includes(labels.at(-1) ?? "");
}

/** Names that never lead to the public internet (RFC 6761, RFC 6762, RFC 8375, RFC 9476), and the one that ICANN keeps for private use. */
const NOT_PUBLIC: readonly string[] = [
  "localhost",
  "local",
  "internal",
  "test",
  "invalid",
  "example",
  "arpa",
  "alt",
  "onion",
];
