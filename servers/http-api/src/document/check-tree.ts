import { ConfigError } from "@hardened-mcp/server";
import { isNode } from "../schema/words.ts";

export interface TreeLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
}

/**
 * Holds what YAML made against what JSON can hold: no circle (an alias inside its own anchor), no `__proto__`, no `.inf`, and no more values,
 * aliases written out, than the limit. Whoever walks the tree later needs no care.
 *
 * @throws {ConfigError}
 */
export function checkTree(value: unknown, { maxDepth, maxValues }: TreeLimits): void {
  let left = maxValues;

  function look(at: unknown, depth: number): void {
    if (--left < 0) throw refused(`it has more than ${maxValues} values, aliases written out`, "Use fewer aliases");
    if (typeof at === "number" && !Number.isFinite(at))
      throw refused("it has a number that JSON does not have", "Remove it");
    if (typeof at === "bigint" || typeof at === "function" || typeof at === "symbol" || at === undefined) {
      throw refused("it has a value that JSON does not have", "Remove it");
    }
    if (typeof at !== "object" || at === null) return;
    if (depth === maxDepth) throw refused(`it is nested more than ${maxDepth} deep, or in a circle`, "Remove that");
    if (Array.isArray(at)) for (const one of at) look(one, depth + 1);
    else if (isNode(at) && isPlain(at)) {
      if (Object.hasOwn(at, "__proto__")) throw refused("it has the key __proto__", "Remove it");
      for (const key of Object.keys(at)) look(at[key], depth + 1);
    } else throw refused("it has a value that JSON does not have", "Remove it");
  }

  look(value, 0);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refused(why: string, what: string): ConfigError {
  return new ConfigError(`The OpenAPI document is refused: ${why}. ${what}.`);
}
