/** Why a request was not made, or its answer not read. */
export type SafeFetchErrorCode =
  /** No absolute http or https URL, credentials in it, or a header or method that cannot be sent. */
  | "invalid_request"
  /** No rule names this scheme, host and port. */
  | "host_not_allowed"
  /** The name leads to an address that its rule does not open. */
  | "address_not_allowed"
  /** The name leads nowhere, or nobody listens there, or TLS failed. */
  | "unreachable"
  /** A redirect that is not followed, or one too many. */
  | "redirect"
  | "timeout"
  | "cancelled"
  /** Head or body, on the wire or decompressed. */
  | "too_large"
  /** The answer is no HTTP, ends early, or is badly compressed. */
  | "broken"
  | "closed";

/**
 * Nothing of a request, an answer or an address is in its message. Its cause is the network's own error, or, where a header cannot be
 * sent, a sentence that names it.
 */
export class SafeFetchError extends Error {
  override readonly name = "SafeFetchError";
  readonly code: SafeFetchErrorCode;
  /** Whether the request may have reached the other end. */
  readonly mayHaveActed: boolean;

  constructor(code: SafeFetchErrorCode, options: ErrorOptions & { readonly mayHaveActed?: boolean } = {}) {
    super(code, options);
    this.code = code;
    this.mayHaveActed = options.mayHaveActed ?? false;
  }
}
