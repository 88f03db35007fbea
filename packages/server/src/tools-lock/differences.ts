import type { Parts } from "../compile/offered.ts";
import type { View, Viewed } from "./view.ts";

/** Something that is not what was reviewed. */
export interface Difference {
  readonly change: "added" | "removed" | "changed";
  /** `undefined`: the instructions of the server. */
  readonly what: Viewed | undefined;
  /** Hash of what was reviewed, and of what is there now. */
  readonly was: string | undefined;
  readonly now: string | undefined;
  /** The parts that are others, in words: `description`, `effect read -> write`. */
  readonly parts: readonly string[];
}

/**
 * What differs, by kind and name.
 *
 * @param elsewhere what the lock has for another way of starting: something that is not expected here may be known there
 * @param thorough hold every part of equal definitions against each other, too: a lock that says of a tool what its definition
 * does not would mislead its reviewer
 */
export function differencesOf(
  reviewed: View,
  now: View,
  { elsewhere, thorough = false }: { readonly elsewhere?: () => View; readonly thorough?: boolean } = {},
): readonly Difference[] {
  const found: Difference[] = [];
  let known: View | undefined;
  for (const [key, one] of now.definitions) {
    const before = reviewed.definitions.get(key);
    if (before !== undefined) found.push(...changesOf(before, one, thorough));
    else {
      known ??= elsewhere?.();
      found.push(added(one, known?.definitions.get(key)));
    }
  }
  for (const [key, one] of reviewed.definitions) {
    if (now.definitions.has(key)) continue;
    found.push({ change: "removed", what: one, was: one.definition, now: undefined, parts: [] });
  }
  found.sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1));
  return [...instructionsOf(reviewed, now), ...found];
}

/** A difference as a reviewer reads it, on one line. */
export function lineOf({ change, what, parts }: Difference): string {
  if (what === undefined) return "instructions: changed";
  const { kind, name, words } = what;
  if (change === "added") {
    const known = parts.length === 0 ? "" : ` without --allow-write (${parts.join(", ")})`;
    return `${kind} ${name}: new, not in the lock${known} [${shown(words)}]`;
  }
  if (change === "removed") return `${kind} ${name}: gone`;
  const hashed = parts.filter((part) => !part.includes(" "));
  const words_ = parts.filter((part) => part.includes(" "));
  return `${kind} ${name}: ${[...words_, ...(hashed.length === 0 ? [] : [`${hashed.join(", ")} changed`])].join("; ")}`;
}

function shown({ untrusted, ...words }: Parts): string {
  return [...Object.values(words), ...(untrusted === "false" ? ["untrusted=false"] : [])].join(" ");
}

function instructionsOf(reviewed: View, now: View): readonly Difference[] {
  if (reviewed.instructions === now.instructions) return [];
  const [was, is] = [reviewed.instructions ?? undefined, now.instructions ?? undefined];
  return [{ change: "changed", what: undefined, was, now: is, parts: [] }];
}

function changesOf(before: Viewed, now: Viewed, thorough: boolean): readonly Difference[] {
  const isEqual = before.definition === now.definition;
  const words = wordsChanged(before.words, now.words);
  const parts = isEqual && !thorough ? words : [...words, ...hashesChanged(before, now)];
  if (isEqual && parts.length === 0) return [];
  // Every part is the same, and the whole is not: what it is made of is another, as in another version of this package.
  const named = parts.length === 0 ? ["definition"] : parts;
  return [{ change: "changed", what: now, was: before.definition, now: now.definition, parts: named }];
}

/** Where it is known of a start with `--allow-write`, what it was there tells what happened: an effect became a milder one. */
function added(one: Viewed, known: Viewed | undefined): Difference {
  const parts = known === undefined ? [] : [...wordsChanged(known.words, one.words), ...hashesChanged(known, one)];
  const named = known !== undefined && parts.length === 0 ? ["unchanged"] : parts;
  return { change: "added", what: one, was: known?.definition, now: one.definition, parts: named };
}

function wordsChanged(before: Parts, now: Parts): readonly string[] {
  return partsOf(before, now).map((part) => `${part} ${before[part] ?? "none"} -> ${now[part] ?? "none"}`);
}

function hashesChanged(before: Viewed, now: Viewed): readonly string[] {
  return partsOf(before.hashes(), now.hashes());
}

function partsOf(before: Parts, now: Parts): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((part) => before[part] !== now[part]);
}
