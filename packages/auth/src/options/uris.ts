import { addressKind } from "@hardened-mcp/safe-fetch/address";
import { AuthConfigError } from "../auth-config-error.ts";
import { text } from "./values.ts";

/**
 * A URI that will be compared character by character must be spelt as everyone else spells it.
 *
 * @throws {AuthConfigError}
 */
export function readResource(value: unknown): string {
  const url = plainUrl("auth.resource", value);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new AuthConfigError("auth.resource must be an https URL; http is for loopback only.");
  }
  return text("auth.resource", value);
}

/** @throws {AuthConfigError} */
export function readIssuerUrl(what: string, value: unknown): string {
  if (plainUrl(what, value).protocol !== "https:") throw new AuthConfigError(`${what} must be an https URL.`);
  return text(what, value);
}

/** @throws {AuthConfigError} */
export function readHttpsUrl(what: string, value: unknown): URL {
  const url = URL.parse(text(what, value));
  if (url?.protocol === "https:" && url.username === "" && url.password === "" && url.hash === "") return url;
  throw new AuthConfigError(`${what} must be an https URL without credentials and fragment.`);
}

function plainUrl(what: string, value: unknown): URL {
  const written = text(what, value);
  const url = URL.parse(written);
  if (url === null) throw new AuthConfigError(`${what} must be an absolute URL.`);
  if (/[?#]/.test(written) || url.username !== "" || url.password !== "") {
    throw new AuthConfigError(`${what} must have no query, no fragment and no credentials.`);
  }
  const isOrigin = `${written}/` === url.href;
  if (written !== url.href && !isOrigin) {
    throw new AuthConfigError(`${what} is compared character by character. Write it as "${url.href}".`);
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return bare === "localhost" || addressKind(bare) === "loopback";
}
