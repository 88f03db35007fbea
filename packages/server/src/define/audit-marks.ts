import type { FieldRule } from "@hardened-mcp/audit";
import { nearest } from "../errors/nearest.ts";
import type { Say } from "./lint-text.ts";

/** Every rule; the compiler holds the list complete. */
const RULES: Readonly<Record<FieldRule, true>> = { plain: true, hash: true, drop: true };

/**
 * What audit records show of single arguments, besides type and length, which they show of each:
 * - `plain`: the value, escaped and cut to 256 bytes
 * - `hash`: a keyed digest of it, so that equal values can be matched
 * - `drop`: nothing, and nothing of it goes into the digest of the whole
 *
 * Without a mark, a value goes into the digest of the whole and is not shown.
 */
export type AuditMarks<Name extends string = string> = { readonly [Field in Name]?: FieldRule };

/** A misspelt `drop` would let a secret through, and a misspelt field any. */
export function lintMarks(marks: AuditMarks, names: readonly string[], say: Say): void {
  for (const [field, rule] of Object.entries(marks)) {
    if (!names.includes(field)) say(`audit marks "${field}", which is no argument.${hint(field, names)}`);
    if (!Object.hasOwn(RULES, String(rule))) {
      say(`audit marks "${field}" as "${String(rule)}", which is no rule.${hint(String(rule), Object.keys(RULES))}`);
    }
  }
}

function hint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? ` There are: ${known.join(", ")}.` : ` Did you mean "${near}"?`;
}
