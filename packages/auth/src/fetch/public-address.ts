import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "@hardened-mcp/safe-fetch/address";
import { FetchError } from "./fetch-error.ts";

/** A host that is an address is never looked up, so it is judged here. `hostname` as in `URL`: brackets around IPv6. */
export function refusePrivateLiteral(hostname: string): void {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw new FetchError("private-address");
}

/**
 * A lookup that fails as soon as one address of a name is not public. The socket dials what this hands on, so a name
 * that is looked up again and then points elsewhere (DNS rebinding) gains nothing.
 */
export function publicLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [];
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new FetchError("private-address"), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
