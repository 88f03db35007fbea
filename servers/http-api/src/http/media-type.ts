import { MIMEType } from "node:util";

/** What a body says it is. */
export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly charset: string | undefined;
}

/** Never text that a model could read, and never whole: an event stream has no end. */
const NEVER = /^(?:image|audio|video|font|multipart|message)\/|^text\/event-stream$/;

/** The media type of a `Content-Type`; `undefined` where there is none, or none that the parser of MIME types takes. */
export function mediaTypeOf(value: string | undefined): MediaType | undefined {
  if (value === undefined) return undefined;
  try {
    const { essence, params } = new MIMEType(value);
    return { essence, charset: params.get("charset")?.toLowerCase() };
  } catch {
    return undefined;
  }
}

/** `application/json`, `text/json`, and everything with `+json` (RFC 8259, 11; RFC 6839, 3.1). @param essence lower case, without parameters */
export function isJson(essence: string): boolean {
  return /^(?:application|text)\/json$|^[a-z]+\/[a-z0-9!#$&^_.+-]+\+json$/.test(essence);
}

/** @param patterns as `contentTypes` of the configuration: exact, `text/*`, or `application/*+json` */
export function isAccepted(essence: string, patterns: readonly string[]): boolean {
  return !NEVER.test(essence) && patterns.some((pattern) => matches(essence, pattern));
}

function matches(essence: string, pattern: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return essence === pattern;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return essence.length > before.length + after.length && essence.startsWith(before) && essence.endsWith(after);
}
