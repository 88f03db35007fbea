import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import type { Destination } from "../rules/compile-rules.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { LookUp } from "./shared-look-ups.ts";

/**
 * Where a destination may be dialled: its own address, or all that its name leads to now. One address that is not opened refuses all of
 * them: a name that mixes its own and our addresses is an attack, or a mistake that would show only sometimes.
 *
 * @throws {SafeFetchError} `address_not_allowed`, `unreachable`; the signal's reason
 */
export async function checkedAddresses(
  destination: Destination,
  lookUp: LookUp,
  signal: AbortSignal,
): Promise<readonly ParsedAddress[]> {
  const { host, literal, opens } = destination;
  const found = literal === undefined ? (await lookUp(host, signal)).map(parseAddress) : [literal];
  const checked = found.filter((address) => address !== undefined && opens(address)) as ParsedAddress[];
  if (checked.length < found.length) throw new SafeFetchError("address_not_allowed");
  if (checked.length === 0) throw new SafeFetchError("unreachable");
  return checked;
}
