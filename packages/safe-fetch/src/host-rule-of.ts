import type { HostRule } from "./host-rule.ts";
import { SafeFetchOptionError } from "./options/option-error.ts";

/**
 * The rule for exactly the scheme, host and port of a URL, such as the base URL of an API. Its path and query are no part of it: rules have
 * hosts, not paths.
 *
 * @param privateAddresses as in {@link HostRule}; a URL whose host is an address opens that one by naming it
 * @throws {SafeFetchOptionError} no http or https URL, or one with a user name or password in it
 */
export function hostRuleOf(url: URL | string, privateAddresses?: HostRule["privateAddresses"]): HostRule {
  const parsed = typeof url === "string" ? URL.parse(url) : url;
  const scheme = parsed?.protocol.slice(0, -1);
  if (parsed === null || (scheme !== "https" && scheme !== "http")) {
    throw new SafeFetchOptionError("url", "must be an http or https URL, such as https://api.example.com/v1.");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new SafeFetchOptionError("url", "holds a user name or a password. Send it in a header instead.");
  }
  return {
    host: parsed.hostname,
    ports: [parsed.port === "" ? (scheme === "https" ? 443 : 80) : Number(parsed.port)],
    schemes: [scheme],
    ...(privateAddresses === undefined ? {} : { privateAddresses }),
  };
}
