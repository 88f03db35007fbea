/** Why an exchange with an identity provider did not take place. */
export type FetchErrorCode =
  | "not-https"
  | "private-address"
  | "redirect"
  | "timeout"
  | "too-large"
  | "encoding"
  | "failed";

/** Nothing of a request or an answer is in it but the network's own error, as `cause`. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FetchErrorCode;

  constructor(code: FetchErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
