import { FetchError, type FetchErrorCode } from "../fetch/fetch-error.ts";

/** Why an issuer could not be asked; for the operator. Nothing of a token or a credential is in it. */
export interface Trouble {
  readonly issuer: string;
  readonly what: "discovery" | "keys";
  /** `answer`: not what was asked for. `issuer-mismatch`: the metadata is another issuer's (RFC 8414, section 3.3). */
  readonly code: FetchErrorCode | "answer" | "issuer-mismatch";
}

/** An identity provider answered, but not with what was asked for. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly code: "answer" | "issuer-mismatch";

  constructor(code: AnswerError["code"], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

export function troubleCode(error: unknown): Trouble["code"] {
  return error instanceof FetchError || error instanceof AnswerError ? error.code : "answer";
}
