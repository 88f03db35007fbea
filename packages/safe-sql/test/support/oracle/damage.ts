import { digest, type NaiveOutcome } from "../naive/outcome.ts";
import { showsCanary } from "../sample/canaries.ts";

/** What a statement did where nothing guarded: why it belongs in a corpus of attacks. */
export type Damage =
  /** A secret is in the answer or in the text of an error. */
  | "shows a secret"
  /** The answer, or that there is none, differs from what it would be without what is hidden. */
  | "tells of what is hidden"
  | "changes a file"
  | "changes the session"
  | "does not end"
  | "kills the process"
  | "has no end of data"
  | undefined;

/** @param twin what the plain engine answers where what is hidden does not exist; asked only when it matters */
export async function damageOf(
  outcome: NaiveOutcome,
  filesChanged: boolean,
  twin: () => Promise<NaiveOutcome>,
): Promise<Damage> {
  if (filesChanged) return "changes a file";
  if (outcome.kind === "hang") return "does not end";
  if (outcome.kind === "crash") return "kills the process";
  if (outcome.session) return "changes the session";
  if (outcome.kind === "huge") return "has no end of data";
  if (showsCanary(outcome.kind === "error" ? outcome.message : JSON.stringify(outcome.rows))) return "shows a secret";
  const there = await twin();
  // An error that is not there without what is hidden tells of it as an answer does.
  if (outcome.kind === "error") return there.kind === "rows" ? "tells of what is hidden" : undefined;
  const same = there.kind === "rows" && digest(there.rows) === digest(outcome.rows);
  return same ? undefined : "tells of what is hidden";
}
