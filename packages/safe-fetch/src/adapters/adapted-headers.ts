import { checkHeader } from "../request/header-list.ts";

/** What fetch and undici add by themselves, and undici will add again. */
const DROPPED: ReadonlySet<string> = new Set(["connection", "keep-alive"]);

type Pairs = Iterable<readonly [string, string | readonly string[] | undefined]>;

/**
 * Headers as other interfaces hand them over, as a list of our own. A `Host` is taken only where it is that of the URL.
 *
 * @throws {SafeFetchError} `invalid_request`
 */
export function adaptedHeaders(headers: Pairs, url: string): string[] {
  const list: string[] = [];
  for (const [given, values] of headers) {
    const name = given.toLowerCase();
    if (DROPPED.has(name)) continue;
    for (const value of typeof values === "string" ? [values] : (values ?? [])) {
      if (name === "host" && value.toLowerCase() === new URL(url).host) continue;
      // Undici holds it against the body, and refuses what does not fit.
      if (!(name === "content-length" && /^\d+$/.test(value))) checkHeader(name, value);
      list.push(name, value);
    }
  }
  return list;
}

/** Undici takes names and values by turns, pairs, or an object. */
export function pairsOf(headers: unknown): Pairs {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers) && !Array.isArray(headers[0])) {
    return headers.flatMap((name, index) =>
      index % 2 === 0 ? [[String(name), String(headers[index + 1])] as const] : [],
    );
  }
  if (typeof headers === "object" && Symbol.iterator in headers) return headers as Pairs;
  return Object.entries(headers as Record<string, unknown>).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.map(String) : String(value)] as const],
  );
}
