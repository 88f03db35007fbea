import type { Json } from "../model/json-schema.ts";
import { decodedOnce, decodedWithPlaces, escapesIn, hasSpellings, withoutBegunEscape } from "./spellings.ts";

const STARS = "***";
const NUMERIC = /^[-+.\deE]+$/;

/** Replaces secrets wherever they are: an API that echoes a request would hand our key to the model. */
export interface SecretHider {
  inText(text: string): string;
  /**
   * Also in keys, and numbers whose digits hold one.
   *
   * @param written the text it was parsed from. Mostly its strings stand there as we would write them, so that one search tells
   */
  inJson(value: Json, written: string): Json;
  /**
   * For a text that was cut: takes away an end that could be the beginning of a secret.
   */
  withoutBegun(text: string): string;
}

const hiders = new WeakMap<readonly string[], SecretHider>();

/** @param secrets in every form they are sent in; upper and lower case are different. Of the same list it is made once */
export function secretHider(secrets: readonly string[]): SecretHider {
  const known = hiders.get(secrets) ?? makeHider(secrets);
  hiders.set(secrets, known);
  return known;
}

function makeHider(secrets: readonly string[]): SecretHider {
  const values = [...new Set(secrets)].filter((secret) => secret !== "");
  const numeric = values.filter((secret) => NUMERIC.test(secret));
  const escaped = values.map((secret) => JSON.stringify(secret).slice(1, -1));
  const isIn = (text: string) => values.some((secret) => text.includes(secret));
  const spelled = values.filter(hasSpellings);
  const escapes = escapesIn(spelled);
  const isSpelled = (text: string) => spelled.some((secret) => text.includes(secret));

  function inText(text: string): string {
    const plain = isIn(text) ? covered(text, values) : text;
    return spelled.length === 0 || !isSpelledIn(plain) ? plain : coveredSpellings(plain);
  }

  /** Whether other ways to write a text give a secret: once encoded, or once more on the way. */
  function isSpelledIn(text: string): boolean {
    if (!escapes.test(text)) return false;
    const once = decodedOnce(text);
    if (isSpelled(once)) return true;
    const twice = decodedOnce(once);
    return twice !== once && isSpelled(twice);
  }

  const endOf = (text: string) => text.length - longestBegun(text, spelled);

  function coveredSpellings(text: string): string {
    const once = decodedWithPlaces(text);
    const left = coveredAt(text, stretchesOf(once.text, spelled), once.from);
    if (left !== text) return isSpelledIn(left) ? coveredTwice(left) : left;
    return coveredTwice(left);
  }

  function coveredTwice(text: string): string {
    const once = decodedWithPlaces(text);
    const twice = decodedWithPlaces(once.text);
    return coveredAt(text, stretchesOf(twice.text, spelled), (at) => once.from(twice.from(at)));
  }

  function walk(value: Json): Json {
    if (typeof value === "string") return inText(value);
    if (typeof value === "number") return numeric.some((secret) => String(value).includes(secret)) ? STARS : value;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(walk);
    const copy: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) {
      let name = inText(key);
      while (name !== key && (Object.hasOwn(copy, name) || Object.hasOwn(value, name))) name += "*";
      copy[name] = walk(member);
    }
    return copy;
  }

  return {
    inText,
    inJson(value, written) {
      if (values.length === 0) return value;
      // With these escapes a character has several forms, and a number has always; as we write them, one. Still far cheaper than asking
      // each string.
      const several = numeric.length > 0 || written.includes("\\u") || written.includes("\\/");
      const searched = several ? JSON.stringify(value) : written;
      const isThere = escaped.some((secret) => searched.includes(secret));
      return isThere || (spelled.length > 0 && isSpelledIn(searched)) ? walk(value) : value;
    },
    withoutBegun(text) {
      const plain = text.slice(0, text.length - longestBegun(text, values));
      if (spelled.length === 0) return plain;
      const once = decodedWithPlaces(withoutBegunEscape(plain));
      const twice = decodedWithPlaces(withoutBegunEscape(once.text));
      const ends = [once.from(endOf(once.text)), once.from(twice.from(endOf(twice.text)))];
      // Where no secret is begun, an escape that is may stay.
      return endOf(once.text) < once.text.length || endOf(twice.text) < twice.text.length
        ? plain.slice(0, Math.min(...ends))
        : plain;
    },
  };
}

type Stretch = readonly [from: number, to: number];

function covered(text: string, secrets: readonly string[]): string {
  return coveredAt(text, stretchesOf(text, secrets), (at) => at);
}

function stretchesOf(text: string, secrets: readonly string[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      stretches.push([at, at + secret.length]);
  }
  return stretches.sort((a, b) => a[0] - b[0]);
}

/**
 * Stretches that secrets cover, joined where they overlap: replaced one by one, the end of the second would be left.
 *
 * @param place in the text, of one in what it was searched as
 */
function coveredAt(text: string, stretches: readonly Stretch[], place: (at: number) => number): string {
  let result = "";
  let done = 0;
  for (const [from, to] of stretches) {
    const [start, end] = [place(from), place(to)];
    if (start >= done) result += text.slice(done, start) + STARS;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

function longestBegun(text: string, secrets: readonly string[]): number {
  return Math.max(0, ...secrets.map((secret) => begun(text, secret)));
}

/** How many characters at the end of the text begin the secret. */
function begun(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
