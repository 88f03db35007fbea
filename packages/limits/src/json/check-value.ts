import { type JsonLimits, LIMIT_DEFAULTS } from "../defaults.ts";
import { JsonError } from "./json-error.ts";
import { isExactNumber } from "./number.ts";

/** What the walk has used of its limits so far. */
interface Tally {
  readonly limits: JsonLimits;
  values: number;
  size: number;
}

/**
 * Applies the limits of {@link parseStrictJson} to a value that never was text, or was parsed by someone else.
 *
 * Iterative: a value deep enough to overflow the stack of a recursive check is the attack. A cycle ends as `too_deep`.
 * Members that are `undefined` are let through, since JSON leaves them out. `maxBytes` is compared with one for each
 * value plus the lengths of all strings and keys, which never exceeds the bytes of the written document.
 *
 * @throws {JsonError} `too_large`, `too_deep`, `too_many_values`, `string_too_long`, `lone_surrogate`, `forbidden_key`,
 * `unsafe_number`, `not_json`; without offset
 */
export function checkValue(value: unknown, limits?: Partial<JsonLimits>): void {
  const tally: Tally = { limits: { ...LIMIT_DEFAULTS.json, ...limits }, values: 0, size: 0 };
  const pending: object[] = [];
  const depths: number[] = [];

  function visit(item: unknown, depth: number): void {
    count(tally, 1);
    if (typeof item === "string") checkString(item, tally);
    else if (typeof item === "number") checkNumber(item);
    else if (typeof item === "object" && item !== null) {
      if (depth >= tally.limits.maxDepth) throw new JsonError("too_deep");
      pending.push(item);
      depths.push(depth + 1);
    } else if (item !== null && typeof item !== "boolean") throw new JsonError("not_json");
  }

  visit(value, 0);
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const depth = depths.pop() ?? 0;
    if (Array.isArray(item)) {
      // An index loop would spin over a sparse array's billions of holes before the count stops it.
      if (item.length > tally.limits.maxValues) throw new JsonError("too_many_values");
      for (const element of item) visit(element, depth);
    } else {
      for (const [key, member] of membersOf(item)) {
        checkString(key, tally);
        if (key === "__proto__") throw new JsonError("forbidden_key");
        if (member !== undefined) visit(member, depth);
      }
    }
  }
}

/** An object that writes itself would be checked as one value and sent as another. */
function membersOf(item: object): [string, unknown][] {
  if ("toJSON" in item && typeof item.toJSON === "function") throw new JsonError("not_json");
  return Object.entries(item);
}

function count(tally: Tally, size: number): void {
  tally.values++;
  if (tally.values > tally.limits.maxValues) throw new JsonError("too_many_values");
  addSize(tally, size);
}

function addSize(tally: Tally, size: number): void {
  tally.size += size;
  if (tally.size > tally.limits.maxBytes) throw new JsonError("too_large");
}

function checkString(text: string, tally: Tally): void {
  if (text.length > tally.limits.maxStringLength) throw new JsonError("string_too_long");
  addSize(tally, text.length);
  if (!text.isWellFormed()) throw new JsonError("lone_surrogate");
}

function checkNumber(value: number): void {
  if (!isExactNumber(value)) throw new JsonError("unsafe_number");
}
