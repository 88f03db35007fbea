import CachePolicy from "http-cache-semantics";

type Headers = Readonly<Record<string, string>>;

/** A request, as far as it decides what may be answered from the cache. */
export interface CacheRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Of one caller's own cache, which nothing is put into that does not say how long it is good. */
const PRIVATE = { shared: false, cacheHeuristic: 0, immutableMinTimeToLive: 0 } as const;

/** What asks for a part, or has conditions of its own, is between the caller and the API. */
export function isCacheable({ method, headers }: CacheRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return !Object.keys(headers).some((name) => name === "range" || name.startsWith("if-"));
}

/**
 * How long an answer may be given again (RFC 9111, section 3, and 4.2), without the guess of section 4.2.2: what the API
 * does not say, nobody knows.
 *
 * @returns `undefined`: it is not kept
 */
export function policyOf(request: CacheRequest, status: number, headers: Headers): CachePolicy | undefined {
  const control = headers["cache-control"]?.toLowerCase();
  const isExplicit = headers["expires"] !== undefined || /(?:^|,)\s*(?:max-age\s*=|no-cache)/.test(control ?? "");
  if (!isExplicit || headers["vary"]?.includes("*")) return undefined;
  const policy = new CachePolicy(request, { status, headers: withControl(headers, control) }, PRIVATE);
  if (!policy.storable()) return undefined;
  const canBeChecked = headers["etag"] !== undefined || headers["last-modified"] !== undefined;
  return policy.stale() && !canBeChecked ? undefined : policy;
}

/** The policy after the API said that nothing has changed; `undefined`: it spoke of another version. */
export function renewed(policy: CachePolicy, request: CacheRequest, headers: Headers): CachePolicy | undefined {
  const { etag } = headers;
  if (etag !== undefined && etag !== policy.responseHeaders()["etag"]) return undefined;
  const changed = withControl(headers, headers["cache-control"]?.toLowerCase());
  return policy.revalidatedPolicy(request, { status: 304, headers: changed }).policy;
}

/** Directives are not case-sensitive (RFC 9111, section 5.2), and the library takes `No-Store` for a word it does not know. */
function withControl(headers: Headers, control: string | undefined): Record<string, string> {
  return control === undefined ? { ...headers } : { ...headers, "cache-control": control };
}

/** The headers that ask whether an answer has changed (RFC 9110, section 13.1). */
export function validatorsOf(policy: CachePolicy, request: CacheRequest): Record<string, string> {
  const headers = policy.revalidationHeaders(request);
  return Object.fromEntries(
    ["if-none-match", "if-modified-since"].flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
