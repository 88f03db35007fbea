import { MAX_DEPTH } from "./deep.ts";

/**
 * Stands between texts that are looked at together. It is no hidden character, and to every pattern here it is what the end of a
 * text is: no word character, no digit, no letter, and nothing that a match which has still to be accepted can run over. So a
 * text in which something is found alone is never taken for clean beside others. The other way round a match may reach
 * over it, and then its batch is looked at text by text.
 */
export const SEPARATOR = "\n";

/** Texts looked at together, in characters: long enough for the fast searches, short enough that one find costs little. */
const BATCH = 8192;

/**
 * Characters and members looked at. A few objects that refer to each other may stand for billions of paths; `mapStrings`
 * remembers what it has seen, which costs more than looking at a result of ordinary size.
 */
const MAX_LOOKS = 16 * 1024 * 1024;

/** What a first look at a value says: `undefined`, look at every string; else which strings need no second look. */
type FirstLook = { readonly all: true } | { readonly all: false; readonly clean: ReadonlySet<string> } | undefined;

/**
 * Looks at all strings and keys of a JSON value together, some thousand characters at a time. On 1,000 rows of six columns that
 * takes a sixth of the time of looking at them one by one (measured).
 *
 * @param isClean must be certain where it says yes, for each part between separators as well
 */
export function lookTogether(value: unknown, isClean: (text: string) => boolean): FirstLook {
  const keys = new Set<string>();
  const clean: string[][] = [];
  let batch: string[] = [];
  let length = 0;
  let looks = 0;
  let dirty = 0;

  function endBatch(): void {
    if (isClean(batch.join(SEPARATOR))) clean.push(batch);
    // Where there is something to find in most batches, the first look is wasted.
    else if (++dirty > clean.length + 2) looks = Number.POSITIVE_INFINITY;
    batch = [];
    length = 0;
  }

  function add(text: string): void {
    batch.push(text);
    length += text.length;
    looks += text.length;
    if (length >= BATCH) endBatch();
  }

  /** `false` where only `mapStrings` knows what leaves. */
  function look(item: object, depth: number): boolean {
    if (depth >= MAX_DEPTH) return false;
    if (!Array.isArray(item)) return lookAtMembers(item as Record<string, unknown>, depth);
    looks += item.length;
    if (looks > MAX_LOOKS) return false;
    for (const element of item as readonly unknown[]) {
      if (typeof element === "string") add(element);
      else if (typeof element === "object" && element !== null && !look(element, depth + 1)) return false;
    }
    return true;
  }

  function lookAtMembers(item: Record<string, unknown>, depth: number): boolean {
    if (typeof item["toJSON"] === "function" || ++looks > MAX_LOOKS) return false;
    for (const key of Object.keys(item)) {
      looks++;
      if (!keys.has(key)) {
        keys.add(key);
        add(key);
      }
      const member = item[key];
      if (typeof member === "string") add(member);
      else if (typeof member === "object" && member !== null && !look(member, depth + 1)) return false;
    }
    return true;
  }

  if (typeof value !== "object" || value === null || !look(value, 0)) return undefined;
  if (batch.length > 0) endBatch();
  return dirty === 0 ? { all: true } : { all: false, clean: new Set(clean.flat()) };
}
