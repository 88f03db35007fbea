import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { SafeFetchError } from "../safe-fetch-error.ts";
import { type LookUp, sharedLookUps } from "./shared-look-ups.ts";

/**
 * The system's resolver, for one client; or the one that was given, which knows itself what it can bear.
 *
 * The system is asked by getaddrinfo, which cannot be called off and takes a thread of libuv's pool. libuv lets it have half of them:
 * of the usual four, two, so that with a name server that is silent a third look-up begins after 10 s, and a fifth after 20 s
 * (measured; a client that has long given up makes no difference). So a client has a quarter of the pool: whatever names it is asked for,
 * others go on. c-ares (`dns.Resolver`) could be called off, but knows no `/etc/hosts`, no search list and no split DNS,
 * which is where names of one's own network are.
 */
export function createLookUp(given: LookupFunction | undefined): LookUp {
  if (given !== undefined) return (host) => lookedUp(host, given);
  return sharedLookUps((host) => lookedUp(host, systemLookup), quarterOfPool(process.env["UV_THREADPOOL_SIZE"]));
}

/** As libuv reads it: four where nothing is said, one to 1024. */
export function quarterOfPool(size: string | undefined): number {
  const threads = size === undefined ? 4 : Number.parseInt(size, 10) || 1;
  return Math.max(1, Math.floor(Math.min(threads, 1024) / 4));
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
