import { ConfigError } from "@hardened-mcp/server";
import type { HttpApiConfig } from "./schema.ts";

/** @throws {ConfigError} the URL of the proxy says more than where it is: a password there would be shown with the configuration */
export function checkProxy(proxy: HttpApiConfig["egressProxy"]): void {
  if (proxy === undefined) return;
  const { username, password, pathname, search, hash } = new URL(proxy.url);
  if (username !== "" || password !== "") {
    throw new ConfigError(
      "egressProxy.url holds a user name or a password, where copies of the configuration show it. Let the proxy tell this machine by its address.",
    );
  }
  if (pathname !== "/" || search !== "" || hash !== "") {
    throw new ConfigError("egressProxy.url is http://HOST:PORT or https://HOST:PORT, and nothing after it.");
  }
}
