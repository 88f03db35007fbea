import { checkNote, type Note } from "../note/note.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import type { KeyUse } from "./report.ts";
import type { CheckedRotation } from "./rotation.ts";
import { verifyDefaults } from "./verify-defaults.ts";

/**
 * Which key signs, from the first checkpoint to the last. One key is in use at a time; only a change that both keys signed
 * replaces it. So all keys of a log hang together, and it is enough to trust one of them.
 */
export interface KeyChain {
  /** A key the log names. It may be tried on signatures, and is trusted no more for that. */
  hint(key: VerifierKey): void;
  /** Accepts a checkpoint, or says in plain words why its signatures are not what they must be. */
  accept(note: Note, size: number): string | undefined;
  /** Goes over to another key, or says why not. */
  change(rotation: Exclude<CheckedRotation, { readonly reason: string }>): string | undefined;
  /** Whether a key in use or a trusted one signed this note. */
  vouches(note: Note): boolean;
  /** What a checkpoint of records that are gone is worth: it can be compared with nothing, but shows that its key was in use. */
  witness(note: Note): "good" | "forged" | "unknown";
  /** Whether one of the keys in use is trusted. */
  trusted(): boolean;
  /**
   * Trusted keys that signed nothing. For the newest, which is the last one, what was deleted does not count: who stole an
   * older one could put the newest's old checkpoints in front of a log of their own.
   */
  idle(): readonly VerifierKey[];
  uses(): readonly KeyUse[];
  readonly warnings: readonly string[];
}

interface Use {
  readonly key: VerifierKey;
  firstSize: number | undefined;
  lastSize: number | undefined;
}

/** The first checkpoint of a log is signed by a key that nobody has named yet. */
export const UNKNOWN_KEY = "the checkpoint is signed by an unknown key";
const NOT_IN_USE = "the checkpoint is not signed by the key in use: forged with another key";

/** @param source where the trusted keys came from */
export function keyChain(trusted: readonly VerifierKey[], source: "given" | "folder"): KeyChain {
  // Trusted keys first: a hint with the name and the four bytes of a trusted key must not stand in its way.
  const known = [...trusted];
  const inUse = new Map<string, Use>();
  const witnessed = new Set<string>();
  const warnings: string[] = [];
  let active: VerifierKey | undefined;
  /** Keys that signed everything so far, before it is clear which one is in use: a log that begins right at a change has two. */
  let starting: readonly VerifierKey[] | undefined;
  let startSize: number | undefined;
  /** Old keys whose signature the next checkpoint should bear, too. */
  let retiring: VerifierKey[] = [];

  const isTrusted = ({ text }: VerifierKey) => trusted.some((key) => key.text === text);
  const enter = (key: VerifierKey) => {
    if (!inUse.has(key.text)) inUse.set(key.text, { key, firstSize: undefined, lastSize: undefined });
  };
  const hint = (key: VerifierKey) => {
    if (known.length < trusted.length + verifyDefaults.maxHints && !known.some(({ text }) => text === key.text)) {
      known.push(key);
    }
  };
  const trustedChain = () => {
    if (active === undefined) settle(starting?.find(isTrusted) ?? starting?.[0]);
    return [...inUse.values()].some(({ key }) => isTrusted(key));
  };

  /** Trusted keys that signed only what was deleted since. */
  const gone = (): Use[] =>
    trusted
      .filter(({ text }) => witnessed.has(text) && !inUse.has(text))
      .map((key) => ({ key, firstSize: undefined, lastSize: undefined }));

  function accept(note: Note, size: number): string | undefined {
    const { good, forged } = checkNote(note, known);
    if (forged) return "the checkpoint's signature is forged, or the checkpoint was changed";
    if (active === undefined) {
      startSize ??= size;
      const left = good.filter((key) => starting?.some(({ text }) => text === key.text) ?? true);
      if (left.length === 0) {
        return starting === undefined ? `${UNKNOWN_KEY}: forged with another key` : NOT_IN_USE;
      }
      starting = left;
      if (left.length > 1) return undefined;
      settle(left[0]);
    }
    return continued(good, size);
  }

  /** The key that was in use from the start. */
  function settle(key: VerifierKey | undefined): void {
    active = key;
    if (key) inUse.set(key.text, { key, firstSize: startSize, lastSize: startSize });
  }

  function continued(good: readonly VerifierKey[], size: number): string | undefined {
    if (active === undefined) return undefined;
    const { text } = active;
    if (!good.some((key) => key.text === text)) {
      return good.some((key) => inUse.has(key.text))
        ? "the checkpoint is signed by an old key after the change to a new one"
        : NOT_IN_USE;
    }
    if (retiring.some((old) => !good.some((key) => key.text === old.text))) {
      warnings.push(`the checkpoint of size ${size} follows a change of key and lacks the old key's signature`);
    }
    retiring = [];
    enter(active);
    for (const { text } of good) {
      const use = inUse.get(text);
      if (use === undefined) continue;
      use.firstSize ??= size;
      use.lastSize = size;
    }
    return undefined;
  }

  return {
    hint,
    accept,
    change({ old, new: next }) {
      if (active === undefined) settle(starting?.find(({ text }) => text === old.text) ?? starting?.[0] ?? old);
      if (active?.text !== old.text) {
        return "the change of key begins with a key that is not in use: a new key was slipped in";
      }
      for (const key of [old, next]) {
        // Past the bound of hints: both proved themselves by a signature.
        if (!known.some(({ text }) => text === key.text)) known.push(key);
        enter(key);
      }
      retiring.push(old);
      active = next;
      return undefined;
    },
    vouches: (note) =>
      checkNote(
        note,
        known.filter((key) => isTrusted(key) || (inUse.has(key.text) && trustedChain())),
      ).good.length > 0,
    witness(note) {
      const { good, forged } = checkNote(note, known);
      for (const key of good) witnessed.add(key.text);
      return forged ? "forged" : good.length > 0 ? "good" : "unknown";
    },
    trusted: trustedChain,
    idle: () =>
      trusted.filter((key, i) => !inUse.has(key.text) && (i === trusted.length - 1 || !witnessed.has(key.text))),
    uses: () =>
      [...inUse.values(), ...gone()].map(({ key, firstSize, lastSize }) => {
        const { name, id, text } = key;
        const from = isTrusted(key) ? source : trustedChain() ? "rotation" : "unknown";
        return { name, id, text, from, firstSize, lastSize };
      }),
    warnings,
  };
}
