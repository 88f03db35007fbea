import { createRequire } from "node:module";
import { isIP } from "node:net";
import { kindOf } from "../address/address-kind.ts";
import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import { SafeFetchOptionError } from "../options/option-error.ts";

const require = createRequire(import.meta.url);

/** What the `host` of a rule means. Names are in lower-case ASCII, as `URL.hostname` has them. */
export type RuleHost =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "below"; readonly suffix: string }
  | { readonly kind: "address"; readonly address: ParsedAddress };

/** @throws {SafeFetchOptionError} */
export function parseRuleHost(option: string, host: unknown): RuleHost {
  const refuse = (message: string): never => {
    throw new SafeFetchOptionError(option, message);
  };
  if (typeof host !== "string" || host === "") return refuse("must be a host, such as api.example.com.");
  const address = parseAddress(host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host);
  if (address !== undefined) return isNameable(address) ? { kind: "address", address } : refuse(NOT_A_HOST);
  if (host.startsWith("*.")) {
    const suffix = hostName(host.slice(2), refuse);
    // Names without a dot, and those under which anyone can have one: whoever registers there would be let in.
    if (!suffix.includes(".") || publicSuffix(suffix) === suffix) {
      return refuse(
        `*.${suffix} would let in hosts of strangers. Write the name of your own domain, as *.example.com.`,
      );
    }
    return { kind: "below", suffix };
  }
  return { kind: "name", name: hostName(host, refuse) };
}

const NOT_A_HOST = "is not the address of one host. Write the address that the host itself has.";

/** An operator may name any address that one host has; not one that stands for another, for many, or for this machine in disguise. */
function isNameable(address: ParsedAddress): boolean {
  const kind = kindOf(address);
  if (kind === "reserved") return address.family === 4 && address.bits >> 24n !== 0n && address.bits !== 0xffff_ffffn;
  return kind !== "multicast" && kind !== "embedded";
}

function hostName(text: string, refuse: (message: string) => never): string {
  if (text.includes("*")) return refuse("a * may stand only at the beginning, before a dot: *.example.com.");
  if (text.endsWith(".")) return refuse("ends with a dot. Write it without.");
  // What URL would take for a user, a port, a path, or quietly leave out.
  if (/[\s/\\?#@:%[\]]/u.test(text)) return refuse("must be a host alone: no scheme, port, path, user or escapes.");
  const url = URL.parse(`https://${text}/`);
  if (url === null) return refuse("is no host name.");
  const name = url.hostname;
  // 0x7f.1, 2130706433, 127。0。0。1: names to the eye, addresses to the parser.
  if (isIP(name) !== 0) return refuse(`is an address in disguise. Write ${name} if that is meant.`);
  if (name.length > 253 || name.split(".").some((label) => label === "" || label.length > 63)) {
    return refuse("is no host name: a part between dots is empty, or it is too long.");
  }
  return name;
}

function publicSuffix(name: string): string | null {
  // Loaded for rules with a suffix only: the list of suffixes takes 8 ms to read.
  const { getPublicSuffix } = require("tldts") as typeof import("tldts");
  return getPublicSuffix(name, { allowPrivateDomains: true });
}
