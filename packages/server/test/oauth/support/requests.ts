import type { TestAuthorizationServer } from "../../../../../test/support/authorization-server/index.ts";
import { legacyCall, messagesOf } from "../../support/http.ts";

/** One request as it is, by hand: what a thief sends, and no client of good faith would. */
export interface HandMade {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** For instance one that shows a client certificate. Default: the authorization server's, which shows none. */
  readonly fetch?: typeof fetch;
}

export interface Answered {
  readonly status: number;
  readonly challenge: string | null;
  readonly text: string;
  readonly headers: Headers;
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** Calls `whoami` unless told otherwise. */
export async function send(as: TestAuthorizationServer, url: URL | string, given: HandMade = {}): Promise<Answered> {
  const { method = "POST", headers = {}, body = legacyCall(1, "whoami", {}), fetch = as.fetch } = given;
  const response = await fetch(url, {
    method,
    headers: { ...JSON_HEADERS, ...headers },
    ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
  });
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    text: await response.text(),
    headers: response.headers,
  };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The structured content of the one call that was answered, or its error. */
export async function contentOf({ text, headers, status }: Answered): Promise<unknown> {
  const [message] = await messagesOf(new Response(text, { headers, status }));
  return (message?.["result"] as { structuredContent?: unknown } | undefined)?.structuredContent ?? message?.["error"];
}
