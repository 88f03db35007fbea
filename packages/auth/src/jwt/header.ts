import type { Algorithm } from "../algorithms.ts";
import { TokenError } from "../token-error.ts";

/** What a token says of its own signature; only ever used to choose among what the issuer published. */
export interface JoseHeader {
  readonly alg: Algorithm;
  readonly kid: string;
}

/**
 * Members that would make the token choose its own key or its own reading (`crit`, RFC 7515, section 4.1.11; `b64`,
 * RFC 7797; `cty` of a nested token; `zip`). None is honoured, and a sender who tries is refused rather than ignored.
 */
const REFUSED = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "cty", "zip", "enc", "epk"] as const;

/** RFC 9068, section 2.1; a media type, so without regard to case. An ID token has another type, or none. */
const TYPES: ReadonlySet<string> = new Set(["at+jwt", "application/at+jwt"]);

/** @throws {TokenError} `header-refused`, `type`, `algorithm` */
export function checkHeader(header: Readonly<Record<string, unknown>>, algorithms: ReadonlySet<string>): JoseHeader {
  const { alg, typ, kid } = header as { readonly [name: string]: unknown };
  if (REFUSED.some((member) => Object.hasOwn(header, member))) throw new TokenError("header-refused");
  if (typeof typ !== "string" || !TYPES.has(typ.toLowerCase())) throw new TokenError("type");
  if (typeof alg !== "string" || !algorithms.has(alg)) throw new TokenError("algorithm");
  if (typeof kid !== "string" || kid === "") throw new TokenError("header-refused");
  return { alg: alg as Algorithm, kid };
}
