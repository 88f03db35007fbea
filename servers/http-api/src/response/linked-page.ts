import type { Json } from "../model/json-schema.ts";
import type { ApiParameter } from "../model/operation.ts";
import { nextTarget } from "./link-header.ts";
import type { PageSources } from "./page-sources.ts";

/** Characters of one value. */
const MAX_VALUE = 2048;

/**
 * Arguments of a `Link` with `rel=next`: the declared query parameters of its target that differ from what was asked.
 *
 * The target has to be of the API's own origin; it is not asked. Its path is not compared, since no argument comes of it (GitHub
 * links `/repositories/1/issues` for `/repos/a/b/issues`). What is not declared, such as a key that an API repeats, is left out.
 */
export function linkedPage({ operation, args, url, link }: PageSources): Readonly<Record<string, Json>> | undefined {
  const target = link === undefined || url === undefined ? undefined : nextTarget(link);
  const found = target === undefined || url === undefined ? null : URL.parse(target, url.href);
  if (found === null || found.origin !== url?.origin) return undefined;
  const next: Record<string, Json> = {};
  for (const parameter of operation.parameters) {
    if (parameter.in !== "query") continue;
    const value = asDeclared(parameter, found.searchParams.getAll(parameter.name));
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(args[parameter.argument]))
      next[parameter.argument] = value;
  }
  return Object.keys(next).length === 0 ? undefined : next;
}

/** What the API wrote, as the type that the schema asks for. Lists that are written as one text are not taken apart again. */
function asDeclared({ schema }: ApiParameter, values: readonly string[]): Json | undefined {
  const first = values[0];
  if (first === undefined || values.some((value) => value.length > MAX_VALUE)) return undefined;
  const types = typeof schema === "object" ? [schema["type"]].flat() : [];
  if (types.includes("array")) return values.length > 1 ? values : undefined;
  if (values.length > 1 || types.includes("object")) return undefined;
  if (types.includes("integer") || types.includes("number"))
    return /^-?\d{1,15}$/.test(first) ? Number(first) : undefined;
  if (types.includes("boolean")) return first === "true" ? true : first === "false" ? false : undefined;
  return first;
}
