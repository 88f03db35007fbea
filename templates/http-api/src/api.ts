import { json } from "node:stream/consumers";
import {
  createSafeFetch,
  hostRuleOf,
  type SafeFetch,
  SafeFetchOptionError,
  type SafeFetchOptions,
  type SafeResponse,
} from "@hardened-mcp/safe-fetch";
import { type Call, CallError, ConfigError, isLoopback } from "@hardened-mcp/server";
import { readSecretText } from "@hardened-mcp/server/config";
import type { z } from "zod";
import type { Config } from "./config.ts";
import { answerRefusal, refusalOf } from "./refusals.ts";

/** One question to the API. With a body it is a POST, and changes something. */
export interface Question<Answer> {
  /** Segments below the base URL, each of `[A-Za-z0-9_-]`. */
  readonly path: readonly string[];
  readonly body?: object;
  /** By which the API knows a repeated POST. */
  readonly idempotencyKey?: string;
  /** What the answer has to be. Keys that it does not declare are dropped. */
  readonly answer: z.ZodType<Answer>;
}

/** The only way to the network. */
export interface Api {
  /** Asks once; nothing is sent again by itself. @throws {CallError} in words of ours, never the API's */
  ask<Answer>(question: Question<Answer>, call: Pick<Call, "signal">): Promise<Answer>;
  close(): Promise<void>;
}

/** @throws {ConfigError} a base URL or a range that cannot be meant, or plain http to another machine */
export function openApi(
  config: Config["api"],
  { token, ...network }: { readonly token: string | undefined } & Pick<SafeFetchOptions, "lookup">,
): Api {
  const { baseUrl, privateAddresses, timeoutMs: totalTimeoutMs, maxBytes } = config;
  const base = baseOf(baseUrl);
  let safe: SafeFetch;
  try {
    // Exactly the scheme, host and port of the API; no redirect is followed, so the token goes nowhere else.
    const allow = [hostRuleOf(base, privateAddresses)];
    safe = createSafeFetch({ allow, limits: { totalTimeoutMs, maxBytes }, ...network });
  } catch (error) {
    if (!(error instanceof SafeFetchOptionError)) throw error;
    throw new ConfigError(`api: ${error.message}`, { cause: error });
  }
  return {
    async ask({ path, body, idempotencyKey, answer }, { signal }) {
      const acts = body !== undefined;
      const headers = {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      };
      const posted = {
        method: "POST",
        body: JSON.stringify(body),
        headers: { ...headers, "content-type": "application/json" },
      };
      try {
        const response = await safe.request(urlOf(base, path), { headers, ...(acts ? posted : {}), signal });
        return answer.parse(await read(response, acts));
      } catch (error) {
        throw refusalOf(error, acts);
      }
    },
    close: () => safe.close(),
  };
}

/** Read once; a new token takes a new start. @throws {ConfigError} its file can be read by others, or holds no token */
export function readToken({ token }: Config["api"]): string | undefined {
  if (token === undefined) return undefined;
  const text = readSecretText(token.file, "api.token.file");
  // A line break would begin another header.
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ConfigError("api.token.file must hold one line without blanks: the token.");
}

function baseOf(baseUrl: string): URL {
  const url = new URL(baseUrl);
  if (url.search !== "" || url.hash !== "") throw new ConfigError("api.baseUrl must end with its path.");
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
    throw new ConfigError("api.baseUrl is http: the token and the answers could be read on the way. Write https.");
  }
  return url;
}

/** Encoding is not enough: servers and proxies decode `%2e%2e%2f` at different times. So nothing is sent that would need it. */
function urlOf(base: URL, path: readonly string[]): URL {
  if (!path.every((segment) => /^[A-Za-z0-9_-]+$/.test(segment))) throw new CallError("invalid_input");
  return new URL(`${base.href.replace(/\/+$/, "")}/${path.join("/")}`);
}

async function read(response: SafeResponse, acts: boolean): Promise<unknown> {
  const { status, headers, body } = response;
  const isJson = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers["content-type"] ?? "");
  if (status >= 200 && status <= 299 && isJson) return json(body);
  await response.discard();
  throw answerRefusal(status, acts);
}
