import { markOf } from "./replace.ts";

/** Deeper than any JSON this project lets in; deeper parts are replaced, since what is not looked at must not leave. */
export const MAX_DEPTH = 128;

/** Kinds of the marks this file writes. */
export const DEEP_KINDS = ["too_deep", "circular"] as const;

/**
 * Applies `change` to every string and key of a JSON value. Parts in which nothing changes are returned as they are.
 *
 * A value is remembered once seen: a few objects that refer to each other may stand for billions of paths.
 */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  const seen = new Map<object, unknown>();

  function map(item: unknown, depth: number): unknown {
    if (typeof item === "string") return change(item);
    if (typeof item !== "object" || item === null) return item;
    if (depth >= MAX_DEPTH) return markOf("too_deep");
    if (seen.has(item)) return seen.get(item);
    seen.set(item, markOf("circular"));
    const mapped = mapObject(item, depth + 1);
    seen.set(item, mapped);
    return mapped;
  }

  function mapObject(item: object, depth: number): unknown {
    if (Array.isArray(item)) {
      const mapped = item.map((element) => map(element, depth));
      return mapped.some((element, index) => element !== item[index]) ? mapped : item;
    }
    // What JSON.stringify would ask for is what leaves.
    if ("toJSON" in item && typeof item.toJSON === "function") return map(item.toJSON(""), depth);
    let changed = false;
    const taken = new Set<string>();
    const entries = Object.entries(item).map(([key, member]: [string, unknown]): [string, unknown] => {
      const newKey = freeKey(change(key), taken);
      const newMember = map(member, depth);
      if (newKey !== key || newMember !== member) changed = true;
      return [newKey, newMember];
    });
    // fromEntries defines own members, also for the key `__proto__`; assignment would set a prototype.
    return changed ? Object.fromEntries(entries) : item;
  }

  return map(value, 0);
}

/** Two redacted keys read the same; the second would silently replace the first. */
function freeKey(key: string, taken: Set<string>): string {
  let free = key;
  for (let n = 2; taken.has(free); n++) free = `${key}#${n}`;
  taken.add(free);
  return free;
}
