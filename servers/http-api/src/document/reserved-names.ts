import type { ApiConfig } from "../config/api-schema.ts";
import { headerKey, isMethodOverride, parameterKey, reservedHeader } from "../request/reserved-names.ts";
import { deref } from "../schema/refs.ts";
import { isNode, own, type SchemaNode } from "../schema/words.ts";

const IDEMPOTENCY: ReadonlySet<string> = new Set(["idempotency-key", "x-idempotency-key"]);

export type Reserved = "filled" | "refused" | "credential" | "idempotency";

/** Says whether a parameter is one that no caller may fill. */
export function createReserved(
  root: SchemaNode,
  { credential, headers }: Pick<ApiConfig, "credential" | "headers">,
): (place: string, name: string) => Reserved | undefined {
  const fixed = new Set(Object.keys(headers).map(headerKey));
  const secret = new Set(secretNames(root));
  if (credential?.type === "api_key") secret.add(keyOf(credential.in, credential.name));
  return (place, name) => {
    if (secret.has(keyOf(place, name))) return "credential";
    if (place === "query") return isMethodOverride(name) ? "refused" : undefined;
    if (place !== "header") return undefined;
    const key = headerKey(name);
    if (fixed.has(key)) return "filled";
    return reservedHeader(name) ?? (IDEMPOTENCY.has(key) ? "idempotency" : undefined);
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
  const text = String(name);
  return `${String(place)}:${place === "header" ? headerKey(text) : parameterKey(text)}`;
}
