/**
 * ASCII as encoders write it: percent forms (RFC 3986, 2.1), JSON escapes that stand in a text (RFC 8259, 7), character references of HTML.
 * Each is upper or lower case by the encoder, and which characters it writes so is, too.
 */
const ESCAPE =
  /%([0-7][0-9a-f])|\\u00([0-7][0-9a-f])|\\(["\\/])|&#x0{0,4}([0-7]?[0-9a-f]);|&#0{0,4}(\d{1,3});|&(amp|lt|gt|quot|apos|sol|plus|equals|colon|num|percnt|commat|excl|dollar);/gi;
/** The beginning of one, where a text was cut. */
const BEGUN = /(?:%[0-7]?|\\(?:u(?:0(?:0[0-7]?)?)?)?|&(?:#x?[0-9a-f]{0,6}|[a-z]{1,6})?)$/i;

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  sol: "/",
  plus: "+",
  equals: "=",
  colon: ":",
  num: "#",
  percnt: "%",
  commat: "@",
  excl: "!",
  dollar: "$",
};

type Groups = readonly (string | undefined)[];

function meaning(written: string, [percent, json, escaped, hex, decimal, name]: Groups): string {
  const digits = percent ?? json ?? hex;
  if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
  if (escaped !== undefined) return escaped;
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  return NAMED[name?.toLowerCase() ?? ""] ?? written;
}

/** Whether another character than a letter, a digit or `-._~` is in it: encoders leave those as they are (RFC 3986, 2.3). */
export function hasSpellings(text: string): boolean {
  return /[^A-Za-z0-9._~-]/.test(text);
}

/**
 * What finds the escapes that a text with one of the secrets in it has, whichever encoder wrote it: those of their characters that encoders do
 * not leave as they are, and of what begins an escape, where it was encoded twice. Most answers have escapes, and none of these (a third of
 * the time, measured).
 */
export function escapesIn(secrets: readonly string[]): RegExp {
  const characters = [...new Set(`%&\\${secrets.join("")}`)].filter((one) => one < "\x80" && hasSpellings(one));
  const codes = characters.map((one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join("|");
  const quoted = characters.filter((one) => '"\\/'.includes(one)).map((one) => `\\${one}`);
  return new RegExp(`%(?:${codes})|\\\\(?:u00(?:${codes})|${quoted.join("|")})|&(?:#|[a-z]{2,6};)`, "i");
}

/** A text with its escapes taken for what they mean; the same one where it has none. */
export function decodedOnce(text: string): string {
  if (!text.includes("%") && !text.includes("&") && !text.includes("\\")) return text;
  return text.replace(ESCAPE, (written: string, ...groups: (string | undefined)[]) => meaning(written, groups));
}

/** The same, with a function from places in it to places in what was decoded. */
export function decodedWithPlaces(text: string): { readonly text: string; from(at: number): number } {
  const pieces: string[] = [];
  const after: (readonly [decoded: number, source: number])[] = [[0, 0]];
  let [done, length] = [0, 0];
  for (const match of text.matchAll(ESCAPE)) {
    const [written, ...groups] = match;
    const piece = text.slice(done, match.index) + meaning(written, groups);
    pieces.push(piece);
    length += piece.length;
    done = match.index + written.length;
    after.push([length, done]);
  }
  pieces.push(text.slice(done));
  return {
    text: pieces.join(""),
    from(at) {
      let [low, high] = [0, after.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((after[middle]?.[0] ?? 0) <= at) low = middle;
        else high = middle - 1;
      }
      const [decoded, source] = after[low] ?? [0, 0];
      return source + at - decoded;
    },
  };
}

/** A text that was cut, without the escape that it was cut in. */
export function withoutBegunEscape(text: string): string {
  return text.replace(BEGUN, "");
}
