import { type HostRule, hostRuleOf } from "@hardened-mcp/safe-fetch";
import { ConfigError, isLoopback } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import { climbsForServers } from "../request/check-segment.ts";

/** Where an API is: one origin, and a path that everything is below. */
export interface BaseUrl {
  readonly origin: string;
  readonly rule: HostRule;
  /** Whether what goes there can be read on the way: http, and off this machine. */
  readonly isPlain: boolean;
  /** Whether a URL has this origin and no user information, and its path is the base path or below it, also for servers that decode it again. */
  contains(url: URL): boolean;
}

/** @throws {ConfigError} user information, a query or a fragment: none of them is part of where an API is */
export function readBaseUrl(api: string, text: string, privateAddresses: ApiConfig["privateAddresses"]): BaseUrl {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(`apis.${api}.baseUrl holds a user name or a password; write a credential instead.`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ConfigError(`apis.${api}.baseUrl must end with its path: without a query and a fragment.`);
  }
  const { origin } = url;
  const path = url.pathname.replace(/\/+$/, "");
  return {
    origin,
    rule: hostRuleOf(url, privateAddresses),
    isPlain: isPlain(url),
    contains: (asked) =>
      asked.origin === origin &&
      asked.username === "" &&
      asked.password === "" &&
      (asked.pathname === path ||
        (asked.pathname.startsWith(`${path}/`) && !climbsForServers(asked.pathname.slice(path.length)))),
  };
}

/** http to another machine. */
export function isPlain({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && !isLoopback(hostname.replace(/^\[|\]$/g, ""));
}
