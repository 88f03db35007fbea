import type { ApiConfig } from "../config/api-schema.ts";
import { deref } from "../schema/refs.ts";
import { isNode, own, type SchemaNode } from "../schema/words.ts";

/** OpenAPI 3.1, section 4.8.12.2: a header parameter of one of these names is ignored. We fill them. */
const FILLED: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/**
 * Headers that decide where a request goes, how it is framed, who it is from or what method it really has. From a model's hand each of them
 * is an attack: request smuggling, cache poisoning, `X-HTTP-Method-Override: DELETE` on a tool that reads.
 */
const REFUSED: ReadonlySet<string> = new Set([
  "host",
  "cookie",
  "cookie2",
  "connection",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "keep-alive",
  "forwarded",
  "via",
  "x-real-ip",
  "x-original-url",
  "x-original-uri",
  "x-rewrite-url",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "accept-encoding",
  "date",
  "origin",
  "referer",
  "user-agent",
]);
const REFUSED_BEGINNINGS = ["proxy-", "sec-", "x-forwarded-", "x-amz-security-token"];

/** Method overrides of web frameworks (Rails, Symfony, Laravel) in a query. */
const REFUSED_QUERY: ReadonlySet<string> = new Set(["_method"]);

const IDEMPOTENCY: ReadonlySet<string> = new Set(["idempotency-key", "x-idempotency-key"]);

export type Reserved = "filled" | "refused" | "credential" | "idempotency";

/** Says whether a parameter is one that no caller may fill. */
export function createReserved(
  root: SchemaNode,
  { credential, headers }: Pick<ApiConfig, "credential" | "headers">,
): (place: string, name: string) => Reserved | undefined {
  const fixed = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const secret = new Set(secretNames(root));
  if (credential?.type === "api_key") secret.add(keyOf(credential.in, credential.name));
  return (place, name) => {
    if (secret.has(keyOf(place, name))) return "credential";
    const lower = name.toLowerCase();
    if (place === "query") return REFUSED_QUERY.has(lower) ? "refused" : undefined;
    if (place !== "header") return undefined;
    if (FILLED.has(lower) || fixed.has(lower)) return "filled";
    if (REFUSED.has(lower) || REFUSED_BEGINNINGS.some((beginning) => lower.startsWith(beginning))) return "refused";
    return IDEMPOTENCY.has(lower) ? "idempotency" : undefined;
  };
}

/** Names that API keys are sent under, by the document's own word; a model never fills a credential. */
function* secretNames(root: SchemaNode): Generator<string> {
  const components = own(root, "components");
  const schemes = isNode(components) ? own(components, "securitySchemes") : undefined;
  for (const one of Object.values(isNode(schemes) ? schemes : {})) {
    const scheme = deref(root, one);
    if (isNode(scheme) && own(scheme, "type") === "apiKey") yield keyOf(own(scheme, "in"), own(scheme, "name"));
  }
}

function keyOf(place: unknown, name: unknown): string {
  return place === "header" ? `header:${String(name).toLowerCase()}` : `${String(place)}:${String(name)}`;
}
