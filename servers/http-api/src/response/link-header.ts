/** A target and its parameters, the first of each name (RFC 8288, 3). */
export interface Link {
  readonly target: string;
  readonly parameters: ReadonlyMap<string, string>;
}

// Each on its own is linear: none has two ways to match the same text.
const BLANK = /[ \t]*/y;
const TARGET = /<([^<>]*)>/y;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

/**
 * The links of a `Link` header by the grammar of RFC 8288 (3); those before the first thing that is not in it.
 *
 * A comma inside of a target or of quotes separates nothing, which is where splitting goes wrong.
 */
export function parseLinks(header: string): readonly Link[] {
  const links: Link[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header) ?? undefined;
    if (match !== undefined) at = pattern.lastIndex;
    return match;
  };
  const sees = (character: string): boolean => {
    take(BLANK);
    if (header[at] !== character) return false;
    at++;
    take(BLANK);
    return true;
  };

  for (;;) {
    take(BLANK);
    // Empty elements of a list are allowed (RFC 9110, 5.6.1).
    while (sees(","));
    const target = take(TARGET)?.[1];
    if (target === undefined) return links;
    const parameters = new Map<string, string>();
    while (sees(";")) {
      const name = take(TOKEN)?.[0].toLowerCase();
      if (name === undefined) return links;
      const value = sees("=") ? (take(QUOTED)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? take(TOKEN)?.[0]) : "";
      if (value === undefined) return links;
      if (!parameters.has(name)) parameters.set(name, value);
    }
    if (at < header.length && header[at] !== ",") return links;
    links.push({ target, parameters });
  }
}

/** Target of the first link to the next page. One with an `anchor` is about something else (RFC 8288, 3.2). */
export function nextTarget(header: string): string | undefined {
  const link = parseLinks(header).find(({ parameters }) => {
    const relations =
      parameters
        .get("rel")
        ?.toLowerCase()
        .split(/[ \t]+/) ?? [];
    return relations.includes("next") && !parameters.has("anchor");
  });
  return link?.target;
}
