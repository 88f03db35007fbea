/**
 * A secret as it may come back in an answer: an API that echoes a request echoes what it was sent, or the whole header in base64. Percent forms,
 * JSON escapes and character references in other spellings are found by whoever searches.
 */
export function sentForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      json,
      json.replaceAll("/", "\\/"),
      encodeURIComponent(secret),
      formEncoded(secret),
      ...base64Forms(secret),
    ]),
  ];
}

/** Bytes; of less, base64 is found in many texts by chance. */
const LEAST_BYTES = 8;

/**
 * What base64 and base64url (RFC 4648, 4 and 5) make of a secret, whatever stands before and after it: three bytes become four characters, so
 * there are three ways, each without the characters that a neighbour has a part in.
 */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  if (bytes.length < LEAST_BYTES) return [];
  const ways = [0, 1, 2].map((before) => {
    const written = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return written.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return ways.flatMap((way) => [way, way.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** `user:password` as Basic sends it (RFC 7617, section 2), with the forms of both the pair and the password. */
export function basicForms(pair: string, password: string): readonly string[] {
  return [...new Set([...sentForms(password), ...sentForms(pair), ...sentForms(base64(pair))])];
}

export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** `application/x-www-form-urlencoded`, of one value. */
export function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/**
 * All forms of all values, made once for each value: whoever masks answers asks for them with every one.
 *
 * @returns the same list for as long as the values are the same
 */
export function createForms(
  forms: (value: string) => readonly string[],
): (values: Iterable<string>) => readonly string[] {
  let known = new Map<string, readonly string[]>();
  let all: readonly string[] = [];
  return (values) => {
    const current = new Set(values);
    if (current.size === known.size && [...current].every((value) => known.has(value))) return all;
    known = new Map([...current].map((value) => [value, known.get(value) ?? forms(value)]));
    all = [...known.values()].flat();
    return all;
  };
}

/** Two such lists as one, which is the same for as long as both are. */
export function createJoin(): (first: readonly string[], second: readonly string[]) => readonly string[] {
  let known: readonly (readonly string[])[] = [];
  let joined: readonly string[] = [];
  return (first, second) => {
    if (known[0] !== first || known[1] !== second) {
      known = [first, second];
      joined = [...first, ...second];
    }
    return joined;
  };
}
