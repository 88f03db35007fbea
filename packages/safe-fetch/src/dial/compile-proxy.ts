import { SafeFetchOptionError } from "../options/option-error.ts";
import { compileRules, type Destination } from "../rules/compile-rules.ts";

/** An HTTP proxy that every connection goes through. */
export interface ProxyServer {
  readonly destination: Destination;
  readonly ca: string | undefined;
  readonly authorization: string | undefined;
}

/** The proxy is named by the operator: its name may lead to a private address, and to nothing worse. @throws {SafeFetchOptionError} */
export function compileProxy(options: { readonly url: string; readonly ca?: string }): ProxyServer {
  const url = URL.parse(options.url);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new SafeFetchOptionError(
      "proxy.url",
      "must be the origin of an HTTP proxy, such as http://proxy.example:4750.",
    );
  }
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  try {
    const rule = { host: url.hostname, ports: [port], schemes: [scheme], privateAddresses: "allow" } as const;
    const destination = compileRules([rule])(url);
    if (destination !== undefined) return { destination, ca: options.ca, authorization: basic(url) };
  } catch {
    // What it says is about a rule that nobody wrote, or holds a password.
  }
  throw new SafeFetchOptionError("proxy.url", "must name one host, and escape what is special in a user or password.");
}

/** RFC 7617. */
function basic({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
