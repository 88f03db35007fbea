import type { GuardedFetch, GuardedResponse } from "../fetch/guarded-fetch.ts";
import { parseUniqueJson } from "../jwt/unique-json.ts";
import { TokenError } from "../token-error.ts";
import type { Introspected } from "./introspected.ts";

interface Endpoint {
  readonly endpoint: URL;
  readonly clientId: string;
  readonly clientSecret: () => string;
  readonly fetch: GuardedFetch;
}

/**
 * One question and its answer (RFC 7662, sections 2.1 and 2.2).
 *
 * @returns `undefined`: the token is not active
 * @throws {TokenError} `introspection-away`, `introspection-answer`
 */
export async function askEndpoint(token: string, to: Endpoint): Promise<Introspected | undefined> {
  return readAnswer(await send(token, to));
}

async function send(token: string, { endpoint, clientId, clientSecret, fetch }: Endpoint): Promise<GuardedResponse> {
  try {
    return await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: basic(clientId, clientSecret()),
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
      },
      body: new URLSearchParams({ token, token_type_hint: "access_token" }).toString(),
    });
  } catch {
    // Whatever failed may quote the request, which holds the token and the secret.
    throw new TokenError("introspection-away");
  }
}

function readAnswer({ status, headers, body }: GuardedResponse): Introspected | undefined {
  if (status === 429 || status >= 500) throw new TokenError("introspection-away");
  if (status !== 200 || !isJson(headers.get("content-type"))) throw new TokenError("introspection-answer");
  const answer = parseUniqueJson(Buffer.from(body));
  // `"true"` and 1 are no promise: section 2.2 requires a boolean.
  if (typeof answer?.["active"] !== "boolean") throw new TokenError("introspection-answer");
  return answer["active"] ? Object.freeze(answer) : undefined;
}

/** A signed answer (RFC 9701) has another type; it was not asked for. */
function isJson(contentType: string | undefined): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

/** RFC 6749, section 2.3.1: both parts are form-encoded first, so a colon in the identifier does not shift the border. */
function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64")}`;
}

function formEncode(value: string): string {
  return new URLSearchParams({ "": value }).toString().slice(1);
}
