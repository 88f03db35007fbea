import type { OutgoingHttpHeaders } from "node:http";
import { json, type Reply } from "../http-upstream.ts";
import type { SeenRequest } from "../seen.ts";

/** What each resource below `/cache/` says of itself; bodies count, so an answer from a cache shows. */
const KINDS: Readonly<Record<string, OutgoingHttpHeaders>> = {
  fresh: { "cache-control": "max-age=3600" },
  private: { "cache-control": "private, max-age=3600" },
  public: { "cache-control": "public, max-age=3600" },
  "no-store": { "cache-control": "no-store" },
  "no-cache": { "cache-control": "no-cache", etag: '"one"' },
  "must-revalidate": { "cache-control": "max-age=0, must-revalidate", etag: '"one"' },
  vary: { "cache-control": "max-age=3600", vary: "Accept-Language" },
  "vary-star": { "cache-control": "max-age=3600", vary: "*" },
  expires: { expires: "Thu, 01 Jan 2099 00:00:00 GMT" },
  expired: { expires: "Thu, 01 Jan 1998 00:00:00 GMT" },
  // Old enough that a cache which guesses would call it fresh (RFC 9111, section 4.2.2).
  heuristic: { "last-modified": "Thu, 01 Jan 1998 00:00:00 GMT" },
  silent: {},
  cookie: { "cache-control": "max-age=3600", "set-cookie": "session=1" },
};

export const CACHE_KINDS = Object.keys(KINDS);

export function answerCached(kind: string, request: SeenRequest, served: number): Reply {
  const headers = KINDS[kind];
  if (headers === undefined) return json({ error: "no such kind" }, { status: 404 });
  if (headers["etag"] !== undefined && request.headers["if-none-match"] === headers["etag"])
    return { status: 304, headers };
  return json(
    {
      served,
      for: request.headers["authorization"] === undefined ? "nobody" : "somebody",
      language: request.headers["accept-language"] ?? null,
    },
    { headers },
  );
}
