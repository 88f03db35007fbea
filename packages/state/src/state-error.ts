/** Why a store did not do what it was asked. */
export type StateErrorCode = "unavailable" | "tampered" | "invalid";

/** The one error of every driver; what the driver's own library threw is its `cause`, for the operator only. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly code: StateErrorCode;

  constructor(code: StateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
