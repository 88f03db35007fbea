import type { Json } from "../model/json-schema.ts";

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

/** @param secrets in every form they are sent in; upper and lower case are different. The same list is prepared once, and must not change */
export function secretHider(secrets: readonly string[]): SecretHider {
  const known = hiders.get(secrets);
  if (known !== undefined) return known;
  const made = createHider(secrets);
  hiders.set(secrets, made);
  return made;
}

function createHider(secrets: readonly string[]): SecretHider {
  const values = [...new Set(secrets)].filter((secret) => secret !== "");
  const escaped = values.map((secret) => JSON.stringify(secret).slice(1, -1));
  const numeric = values.filter((secret) => NUMERIC.test(secret));
  const isIn = (text: string) => values.some((secret) => text.includes(secret));
  const inText = (text: string) => (isIn(text) ? covered(text, values) : text);

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
      return escaped.some((secret) => searched.includes(secret)) ? walk(value) : value;
    },
    withoutBegun: (text) => text.slice(0, text.length - Math.max(0, ...values.map((secret) => begun(text, secret)))),
  };
}

/** Stretches that secrets cover, joined where they overlap: replaced one by one, the end of the second would be left. */
function covered(text: string, secrets: readonly string[]): string {
  const stretches: [from: number, to: number][] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      stretches.push([at, at + secret.length]);
  }
  stretches.sort((a, b) => a[0] - b[0]);
  let result = "";
  let done = 0;
  for (const [from, to] of stretches) {
    if (from >= done) result += text.slice(done, from) + STARS;
    done = Math.max(done, to);
  }
  return result + text.slice(done);
}

/** How many characters at the end of the text begin the secret. */
function begun(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
