import type { ResponseConfig } from "../../../src/config/response-schema.ts";
import { responseConfig } from "../../../src/config/response-schema.ts";
import type { ApiAnswer, UpstreamAnswer } from "../../../src/model/exchange.ts";
import type { ReadOptions } from "../../../src/response/read-options.ts";
import { readAnswer } from "../../../src/response/read-response.ts";
import { operation } from "../../request/support/operation.ts";

export const KEY = Buffer.from("a key of thirty-two bytes, or so");

export interface Given extends Partial<Omit<ReadOptions, "config" | "secrets">> {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly config?: Partial<ResponseConfig>;
  readonly secrets?: readonly string[];
  /** Ends the body in place of its end. */
  readonly fails?: Error;
}

/** An answer as an upstream hands it over, and what was done with it. */
export function upstreamAnswer(body: string | Uint8Array | Iterable<Uint8Array>, given: Given = {}) {
  const seen = { read: 0, discarded: 0 };
  const pieces = typeof body === "string" ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : body;
  const answer: UpstreamAnswer = {
    status: given.status ?? 200,
    headers: given.headers ?? { "content-type": "application/json" },
    fromCache: false,
    body: (async function* () {
      for (const piece of pieces) {
        seen.read += piece.byteLength;
        yield piece;
      }
      if (given.fails !== undefined) throw given.fails;
    })(),
    async discard() {
      seen.discarded++;
    },
  };
  return { answer, seen };
}

export async function read(body: string | Uint8Array | Iterable<Uint8Array>, given: Given = {}): Promise<ApiAnswer> {
  return readWith(upstreamAnswer(body, given).answer, given);
}

export async function readWith(answer: UpstreamAnswer, given: Given): Promise<ApiAnswer> {
  const { status: _status, headers: _headers, fails: _fails, config, secrets, ...rest } = given;
  return readAnswer(answer, {
    operation: operation(),
    config: { ...responseConfig.parse({}), ...config },
    check: () => undefined,
    maxBytes: 1024 * 1024,
    secrets: () => secrets ?? [],
    hashKey: KEY,
    args: {},
    ...rest,
  });
}

/** What a call was refused with: its public code, rule and words. */
export async function refusal(
  run: Promise<unknown>,
): Promise<{ code: string; rule: string; message: string; retryAfterMs?: number }> {
  try {
    await run;
  } catch (error) {
    const { code, rule, message, retryAfterMs } = error as {
      code: string;
      rule: string;
      message: string;
      retryAfterMs?: number;
    };
    if (code === undefined) throw error;
    return { code, rule, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  throw new Error("not refused");
}
