import type { RawHeaders, WireRequest } from "../exchange/exchange.ts";
import { mergeLimits } from "../options/limits.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import type { SafeFetch, SafeFetchLimits, SafeRequest } from "../types.ts";
import { headerList } from "./header-list.ts";
import type { RequestCore } from "./request-core.ts";

export function createRequest(core: RequestCore, defaults: SafeFetchLimits): SafeFetch["request"] {
  return async (url, request = {}) => {
    const { method = "GET", headers, signal, redirectTo } = request;
    const answer = await core(url, {
      method: checkedMethod(method),
      headers: [...headerList(headers), ...lengthOf(request)],
      body: wireBody(request),
      signal,
      redirectTo,
      limits: mergeLimits(defaults, request.limits),
    });
    return {
      status: answer.status,
      headers: joined(answer.headers),
      url: answer.url,
      body: answer.body,
      discard: async () => answer.discard(),
    };
  };
}

/** RFC 9110, section 9.1; CONNECT and TRACE make another thing of a connection, or of its headers. @throws {SafeFetchError} */
export function checkedMethod(method: string): string {
  if (!/^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*$/.test(method)) throw new SafeFetchError("invalid_request");
  const upper = method.toUpperCase();
  if (upper === "CONNECT" || upper === "TRACE") throw new SafeFetchError("invalid_request");
  return upper;
}

function lengthOf({ body, bodyLength }: SafeRequest): readonly string[] {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return [];
  if (bodyLength === undefined || !Number.isSafeInteger(bodyLength) || bodyLength < 0) {
    throw new SafeFetchError("invalid_request");
  }
  return ["content-length", String(bodyLength)];
}

function wireBody({ body }: SafeRequest): WireRequest["body"] {
  // Undici takes any async iterable; its types know only those of Node.
  return (body ?? null) as WireRequest["body"];
}

function joined(headers: RawHeaders): Readonly<Record<string, string>> {
  const result: Record<string, string> = Object.create(null);
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === "string" ? value : value.join(", ");
  }
  return result;
}
