/** What each way of failing means to the client. The description is all it is ever told: a fixed text for each class. */
interface Meaning {
  readonly status: 400 | 401 | 429 | 503;
  /** RFC 6750, section 3.1, and RFC 9449, section 7.1; `undefined`: the challenge carries no error code. */
  readonly error: "invalid_request" | "invalid_token" | "invalid_dpop_proof" | undefined;
  readonly description: string | undefined;
}

const INVALID: Meaning = { status: 401, error: "invalid_token", description: "The access token is not valid" };
const REQUEST: Meaning = { status: 400, error: "invalid_request", description: undefined };
const PROOF: Meaning = { status: 401, error: "invalid_dpop_proof", description: "The DPoP proof is not valid" };
const AWAY: Meaning = { status: 503, error: undefined, description: undefined };

const MEANINGS = {
  // The request
  missing: { status: 401, error: undefined, description: undefined },
  scheme: { status: 401, error: undefined, description: undefined },
  "two-credentials": { ...REQUEST, description: "Send exactly one Authorization header" },
  "token-in-query": { ...REQUEST, description: "Send the access token in the Authorization header" },
  "malformed-header": { ...REQUEST, description: "The Authorization header is malformed" },
  // The token
  "too-large": INVALID,
  malformed: INVALID,
  "header-refused": INVALID,
  type: INVALID,
  algorithm: INVALID,
  issuer: INVALID,
  "unknown-key": INVALID,
  signature: INVALID,
  audience: INVALID,
  claims: INVALID,
  expired: { ...INVALID, description: "The access token expired" },
  "not-yet-valid": { ...INVALID, description: "The access token is not valid yet" },
  "lives-too-long": INVALID,
  inactive: INVALID,
  revoked: { ...INVALID, description: "The access token was revoked" },
  "api-key": INVALID,
  // Proof that the sender holds the key
  "proof-required": { ...INVALID, description: "The access token must be bound to a key" },
  "binding-mismatch": { ...INVALID, description: "The access token is bound to another key" },
  "binding-not-accepted": INVALID,
  "dpop-proof-missing": { ...PROOF, description: "Send exactly one DPoP proof" },
  "dpop-proof": PROOF,
  "dpop-header": PROOF,
  "dpop-signature": PROOF,
  "dpop-method": PROOF,
  "dpop-uri": PROOF,
  "dpop-time": { ...PROOF, description: "The DPoP proof was not made just now" },
  "dpop-token": PROOF,
  "dpop-unbound": { ...INVALID, description: "The access token is not bound to a key" },
  "dpop-replayed": { ...PROOF, description: "The DPoP proof was used before" },
  "certificate-missing": { ...INVALID, description: "The access token is bound to a client certificate" },
  // What cannot be told at present
  "keys-away": AWAY,
  "introspection-away": AWAY,
  "introspection-answer": AWAY,
  "introspection-busy": AWAY,
  "state-away": AWAY,
  "revocation-unknown": AWAY,
  // Asked for known credentials only
  "not-known": { status: 429, error: undefined, description: undefined },
} as const satisfies Record<string, Meaning>;

/** A short fixed word for each way in which a credential fails; goes to the record, never to the client. */
export type TokenErrorCode = keyof typeof MEANINGS;

/** A credential that is refused. Its message is its code: nothing of the token, its claims or its sender is in it. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  readonly status: Meaning["status"];
  readonly error: Meaning["error"];
  readonly description: string | undefined;

  constructor(code: TokenErrorCode) {
    super(code);
    const meaning: Meaning = MEANINGS[code];
    this.code = code;
    this.status = meaning.status;
    this.error = meaning.error;
    this.description = meaning.description;
  }
}
