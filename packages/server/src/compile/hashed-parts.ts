import type { ErrorCatalogue } from "../define/call.ts";
import type { OutputForm } from "../operation.ts";
import { definitionHash } from "./definition-hash.ts";

const hashes = new WeakMap<ErrorCatalogue, string>();

/** Made once for a catalogue: hundreds of tools may share one. `undefined`: there is nothing in it. */
export function errorsHash(errors: ErrorCatalogue): string | undefined {
  const entries = Object.entries(errors);
  if (entries.length === 0) return undefined;
  const known = hashes.get(errors);
  if (known !== undefined) return known;
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const made = definitionHash(sorted.map(([reason, { code, message }]) => [reason, code, message]));
  hashes.set(errors, made);
  return made;
}

/** What decides how an answer or a refusal comes to a model, and is in no listing. */
interface Unlisted {
  readonly errors: ErrorCatalogue;
  readonly untrusted?: boolean;
  readonly form?: OutputForm;
}

/**
 * For the hash of a definition: the author's words in a refusal, an answer that is no longer marked as data, an answer that may hold
 * pictures and links. Each is named, so that none can pass for another; where it is as it is by default it is nothing, as ever.
 */
export function hashedUnlisted({ errors, untrusted = true, form }: Unlisted): readonly object[] {
  const hash = errorsHash(errors);
  return [
    ...(hash === undefined ? [] : [{ errors: hash }]),
    ...(untrusted ? [] : [{ untrusted }]),
    ...(form === "blocks" ? [{ form }] : []),
  ];
}
