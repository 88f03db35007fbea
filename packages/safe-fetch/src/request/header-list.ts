import { ACCEPT_ENCODING } from "../exchange/decompress.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

/** Headers of a request: names and values by turns, as undici takes them. */
export type HeaderList = readonly string[];

/**
 * What frames a message or names its receiver is said by whoever builds it, not by the caller: a second opinion on lengths and hosts is
 * how requests are smuggled (RFC 9112, sections 3.2 and 6.3), and a `Host` of one's own reaches another site behind an allowed name.
 */
const OURS: ReadonlySet<string> = new Set([
  ...["host", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["content-length", "expect", "http2-settings"],
]);

/** What says nothing about who asks. Everything else may be a credential, whatever its name, and stays with the first origin. */
const ANYONES: ReadonlySet<string> = new Set([
  ...["accept", "accept-encoding", "accept-language", "user-agent", "content-type"],
]);

/** RFC 9110, sections 5.1 and 5.5, without what is not ASCII: nobody agrees what those bytes mean. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws {SafeFetchError} `invalid_request` */
export function headerList(headers: Readonly<Record<string, string>> | undefined): HeaderList {
  const list: string[] = [];
  let hasEncoding = false;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    checkHeader(lower, value);
    hasEncoding ||= lower === "accept-encoding";
    list.push(lower, value);
  }
  if (!hasEncoding) list.push("accept-encoding", ACCEPT_ENCODING);
  return list;
}

/**
 * Refuses a header that a caller may not send. The cause says which, and why; of its value it says nothing, since that may be a secret.
 *
 * @param name in lower case
 * @throws {SafeFetchError} `invalid_request`
 */
export function checkHeader(name: string, value: string): void {
  const why = whyRefused(name, value);
  if (why !== undefined) throw new SafeFetchError("invalid_request", { cause: new TypeError(why) });
}

function whyRefused(name: string, value: unknown): string | undefined {
  if (!NAME.test(name)) return "The name of a header is none (RFC 9110, section 5.1).";
  if (OURS.has(name)) return `The header ${name} is set by the client, never by who uses it.`;
  if (typeof value !== "string") return `The value of the header ${name} is no string.`;
  if (VALUE.test(value)) return undefined;
  return `The value of the header ${name} has a line break, another control character, or a character beyond Latin-1.`;
}

/** What may be told to another origin. */
export function withoutCredentials(list: HeaderList): HeaderList {
  return list.filter((_, index) => ANYONES.has(list[index - (index % 2)] ?? ""));
}
