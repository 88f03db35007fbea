import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "@hardened-mcp/auth";
import { Rejected } from "./rejected.ts";
import { HARDENING } from "./reply.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** The protected resource metadata (RFC 9728): how a client finds out whom to ask for a token. Public by its nature. */
export interface Metadata {
  /** Answers the request if it is for the document. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createMetadata(authenticator: Authenticator | undefined, scopes: readonly string[]): Metadata {
  if (authenticator === undefined) return { answer: () => false };
  const { pathname } = new URL(authenticator.resource);
  // RFC 9728, section 3.1: the well-known part goes between host and path. The shorter form is what MCP clients try next.
  const paths = new Set([WELL_KNOWN, `${WELL_KNOWN}/mcp`, pathname === "/" ? WELL_KNOWN : WELL_KNOWN + pathname]);
  const body = JSON.stringify(authenticator.metadata(scopes));
  return {
    answer(request, response) {
      if (request.url === undefined || !paths.has(request.url)) return false;
      if (request.method !== "GET") {
        throw new Rejected(
          405,
          { code: "invalid_input", reason: "method", message: "The metadata is read with GET." },
          { headers: { allow: "GET" } },
        );
      }
      response.writeHead(200, {
        ...HARDENING,
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "cache-control": "public, max-age=300",
      });
      response.end(body);
      return true;
    },
  };
}
