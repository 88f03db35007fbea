import type { IncomingMessage } from "node:http";
import { RPC } from "../protocol/json-rpc.ts";
import { type AllowedSources, sourceFault } from "./guard-headers.ts";
import { Rejected } from "./rejected.ts";

/** Before anything else, and on every route: also a 404 or a challenge tells a foreign site that we are here. */
export function refuseForeign(request: IncomingMessage, allowed: AllowedSources): void {
  const fault = sourceFault(request, allowed);
  if (fault === undefined) return;
  throw new Rejected(403, {
    code: "denied",
    reason: fault,
    message:
      fault === "host"
        ? "This Host is not allowed. If a proxy or another name is meant, the operator adds it to allowedHosts."
        : "This Origin is not allowed. If a web page is meant to call this server, the operator adds it to allowedOrigins.",
    detail: { [fault]: String(request.headers[fault]) },
  });
}

export function refuseUnrouted(request: IncomingMessage): void {
  if (request.url === "/mcp") return;
  throw new Rejected(404, {
    code: "not_found",
    reason: "route",
    message: "There is nothing here. The endpoint is /mcp.",
  });
}

/** No stream to open and no session to end: every request is a POST (spec: basic/transports/streamable-http). */
export function refuseOtherMethods(request: IncomingMessage): void {
  if (request.method === "POST") return;
  throw new Rejected(
    405,
    { code: "invalid_input", reason: "method", message: "The endpoint takes POST only." },
    { headers: { allow: "POST" } },
  );
}

/** A connection that was kept alive may still bring requests to a server that is on its way out. */
export function refuseWhileStopping(stopping: boolean): void {
  if (!stopping) return;
  throw new Rejected(
    503,
    { code: "unavailable", reason: "stopping", message: "The server is stopping. Nothing was done." },
    { rpc: RPC.internal, headers: { connection: "close" } },
  );
}
