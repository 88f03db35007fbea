import { JsonError } from "./json-error.ts";

/** Above this many keys in one object a Set is cheaper than comparing with each (measured). */
const FEW = 12;

/** The keys seen in the objects that are open, innermost last. */
export interface KeyLedger {
  open(): void;
  /** @throws {JsonError} `duplicate_key`, `forbidden_key` */
  add(key: string, offset: number): void;
  close(): void;
}

/**
 * One flat list serves every open object, so that small messages allocate nothing per object. An object with many keys
 * moves to a Set, so that ten thousand keys do not cost fifty million comparisons.
 */
export function createKeyLedger(): KeyLedger {
  const keys: string[] = [];
  const starts: number[] = [];
  const sets: (Set<string> | undefined)[] = [];
  let start = 0;
  let set: Set<string> | undefined;

  return {
    open() {
      starts.push(start);
      sets.push(set);
      start = keys.length;
      set = undefined;
    },
    add(key, offset) {
      // JSON.parse makes it an own key; the first careless merge behind us makes it a prototype.
      if (key === "__proto__") throw new JsonError("forbidden_key", offset);
      if (set === undefined && keys.length - start >= FEW) set = new Set(keys.slice(start));
      if (set === undefined) {
        for (let i = start; i < keys.length; i++) {
          if (keys[i] === key) throw new JsonError("duplicate_key", offset);
        }
        keys.push(key);
      } else {
        if (set.has(key)) throw new JsonError("duplicate_key", offset);
        set.add(key);
      }
    },
    close() {
      keys.length = start;
      start = starts.pop() ?? 0;
      set = sets.pop();
    },
  };
}
