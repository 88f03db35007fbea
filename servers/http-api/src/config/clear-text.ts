import type { PrivateAddresses } from "@hardened-mcp/safe-fetch";
import { type AddressKind, addressKind } from "@hardened-mcp/safe-fetch/address";

/** Addresses of this machine, or of a network of one's own. */
const INTERNAL: readonly AddressKind[] = ["loopback", "private", "shared"];

/**
 * Whether a secret sent to `url` could be read on the internet: http, and a host that is neither this machine nor an address of a private
 * network, nor a name that the configuration lets lead to one.
 */
export function isInTheClear(url: URL, privateAddresses: PrivateAddresses = "refuse"): boolean {
  return url.protocol === "http:" && privateAddresses === "refuse" && !isInternal(url);
}

/** Whether a URL's host is spelt as this machine, or as an address that is not public. A name says nothing. */
export function isInternal({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return host === "localhost" || host.endsWith(".localhost") || INTERNAL.includes(addressKind(host));
}
