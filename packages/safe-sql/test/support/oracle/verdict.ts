import { digest, type NaiveOutcome } from "../naive/outcome.ts";
import { showsCanary } from "../sample/canaries.ts";
import type { Guarded } from "./guarded.ts";

/** Refusals that depend on how much a statement needs; the twin, which holds less, may need less. */
const BOUNDS = new Set(["timeout", "too_large", "too_costly"]);

/**
 * What is wrong with how a guard answered, or `undefined`.
 *
 * @param secretWords parts of paths, and names that no client may see
 * @param twin what the plain engine says where what is hidden does not exist
 * @param nothingHidden no rules: every value may be shown
 */
export async function faultOf(
  guarded: Guarded,
  sql: string,
  secretWords: readonly string[],
  twin: () => Promise<NaiveOutcome>,
  nothingHidden = false,
): Promise<string | undefined> {
  if (guarded.kind === "broken") return `threw something of its own: ${guarded.text.slice(0, 200)}`;
  if (guarded.kind === "refused") {
    if (guarded.code === "unavailable") return `was unavailable: ${guarded.cause}`;
    // A refusal may repeat the caller's own word, and a short form of the canary may stand in one by chance: SYNCHRONOUS.
    if (!showsCanary(sql) && showsCanary(guarded.text)) return `the refusal shows a secret: ${guarded.text}`;
    const word = secretWords.find((secret) => guarded.text.includes(secret) && !sql.includes(secret));
    if (word !== undefined) return `the refusal shows ${word}: ${guarded.text}`;
    if (guarded.code !== "failed") return undefined;
    // It failed on a value. Where the value is hidden, the failure tells of it.
    const there = await twin();
    return there.kind === "rows" ? "fails on a value that is hidden" : undefined;
  }
  if (!nothingHidden && showsCanary(guarded.text)) return `shows a secret: ${guarded.text.slice(0, 200)}`;
  const there = await twin();
  if (there.kind === "error") return `answers, where the twin says: ${there.message}`;
  if (there.kind !== "rows" || !guarded.whole) return undefined;
  return digest(there.rows) === digest(guarded.rows) ? undefined : difference(there.rows, guarded.rows);
}

export function isBound(guarded: Guarded): boolean {
  return guarded.kind === "refused" && BOUNDS.has(guarded.code);
}

function difference(expected: readonly (readonly unknown[])[], found: readonly (readonly unknown[])[]): string {
  const [left, right] = [digest(expected).split("\n"), digest(found).split("\n")];
  const at = left.findIndex((row, index) => row !== right[index]);
  const shown = [left[at < 0 ? left.length : at], right[at < 0 ? left.length : at]].map((row) =>
    String(row).slice(0, 120),
  );
  return `differs from the twin (${expected.length} rows, ${found.length} here): ${shown[0]} / ${shown[1]}`;
}
