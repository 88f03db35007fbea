import { BlockList, isIP } from "node:net";
import { StateError } from "../state-error.ts";
import type { Address } from "./parse-url.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Refuses to send grants and passwords to another machine in the clear. */
export function refusePlaintext(address: Address, howToEncrypt: string, allowed: boolean): void {
  if (address.tls || allowed || isLocal(address.host)) return;
  throw new StateError(
    "invalid",
    `The state store is on another machine, and the connection would not be encrypted. ${howToEncrypt} If the network in between is safe by other means, set dangerouslyAllowPlaintext.`,
  );
}

function isLocal(host: string): boolean {
  if (host === "localhost" || host.startsWith("/")) return true;
  const version = isIP(host);
  return version !== 0 && loopback.check(host, version === 4 ? "ipv4" : "ipv6");
}
