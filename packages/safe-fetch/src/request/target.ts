import type { Destination, Rules } from "../rules/compile-rules.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

/** A URL that may be asked. */
export interface Target {
  readonly url: URL;
  readonly origin: string;
}

/** Verdicts that are kept: as many hosts as anyone lists, and few enough that made-up names below a suffix fill nothing. */
const MOST_VERDICTS = 1_000;

/**
 * Holds URLs against the rules. The verdict over an origin is found once: rules do not change.
 *
 * @throws from the function: {SafeFetchError} `invalid_request`, `host_not_allowed`, `address_not_allowed`
 */
export function createTargets(rules: Rules): (url: URL | string) => Target {
  const verdicts = new Map<string, Destination | undefined>();
  return (given) => {
    // A copy: what was checked must not change while a name is looked up.
    const url = URL.parse(typeof given === "string" ? given : given.href);
    if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
      throw new SafeFetchError("invalid_request");
    }
    // RFC 3986, section 7.6: `https://allowed@other/` is read wrongly by people and by proxies.
    if (url.username !== "" || url.password !== "") throw new SafeFetchError("invalid_request");
    const { origin } = url;
    if (!verdicts.has(origin)) {
      if (verdicts.size >= MOST_VERDICTS) verdicts.clear();
      verdicts.set(origin, rules(url));
    }
    const destination = verdicts.get(origin);
    if (destination === undefined) throw new SafeFetchError("host_not_allowed");
    if (destination.literal !== undefined && !destination.opens(destination.literal)) {
      throw new SafeFetchError("address_not_allowed");
    }
    return { url, origin };
  };
}
