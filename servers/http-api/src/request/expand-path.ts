import type { ApiParameter } from "../model/operation.ts";
import type { Flat } from "./flatten.ts";
import { encode } from "./percent.ts";

/** A path parameter in its style (OpenAPI 3.1, "style examples"; RFC 6570, 3.2.2, 3.2.5, 3.2.7). */
export function expandPath(parameter: ApiParameter, flat: Flat): string {
  const { name, style, explode } = parameter;
  if (style === "matrix") return matrix(encode(name), explode, flat);
  if (style === "label") return `.${joined(flat, explode, explode ? "." : ",")}`;
  return joined(flat, explode, ",");
}

/** Parts of a value, each encoded, with `separator` between them. */
export function joined(flat: Flat, explode: boolean, separator: string, write = encode): string {
  if (flat.kind === "one") return write(flat.text);
  if (flat.kind === "list") return flat.items.map((item) => write(item)).join(separator);
  const inner = explode ? "=" : separator;
  return flat.entries.map(([key, value]) => `${write(key)}${inner}${write(value)}`).join(separator);
}

/** `;name=value`; an empty value has no `=` (RFC 6570, 3.2.7). */
function matrix(name: string, explode: boolean, flat: Flat): string {
  const pair = (key: string, value: string) => (value === "" ? `;${key}` : `;${key}=${value}`);
  if (explode && flat.kind === "list") return flat.items.map((item) => pair(name, encode(item))).join("");
  if (explode && flat.kind === "map")
    return flat.entries.map(([key, value]) => pair(encode(key), encode(value))).join("");
  return pair(name, joined(flat, false, ","));
}
