import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import type { Destination } from "../rules/compile-rules.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

/**
 * Where a destination may be dialled: its own address, or all that its name leads to now. One address that is not opened refuses all of
 * them: a name that mixes its own and our addresses is an attack, or a mistake that would show only sometimes.
 *
 * @throws {SafeFetchError} `address_not_allowed`, `unreachable`
 */
export async function checkedAddresses(
  destination: Destination,
  lookup: LookupFunction,
): Promise<readonly ParsedAddress[]> {
  const { host, literal, opens } = destination;
  const found = literal === undefined ? (await lookedUp(host, lookup)).map(parseAddress) : [literal];
  const checked = found.filter((address) => address !== undefined && opens(address)) as ParsedAddress[];
  if (checked.length < found.length) throw new SafeFetchError("address_not_allowed");
  if (checked.length === 0) throw new SafeFetchError("unreachable");
  return checked;
}

function lookedUp(host: string, lookup: LookupFunction): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) => reject(new SafeFetchError("unreachable", { cause }));
    try {
      lookup(host, { all: true }, (error, found: string | readonly LookupAddress[]) => {
        if (error) failed(error);
        else if (typeof found === "string") resolve([found]);
        else resolve(found.map(({ address }) => address));
      });
    } catch (error) {
      failed(error);
    }
  });
}
