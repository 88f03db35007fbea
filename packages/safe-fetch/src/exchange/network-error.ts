import { SafeFetchError, type SafeFetchErrorCode } from "../safe-fetch-error.ts";

/** What undici's codes mean here. What is not in it broke on the way. */
const MEANINGS: Readonly<Record<string, SafeFetchErrorCode>> = {
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "too_large",
  HPE_HEADER_OVERFLOW: "too_large",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "too_large",
  UND_ERR_INVALID_ARG: "invalid_request",
  UND_ERR_NOT_SUPPORTED: "invalid_request",
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: "invalid_request",
  UND_ERR_DESTROYED: "closed",
  UND_ERR_CLOSED: "closed",
};

/** The error of an exchange, by its code. @param wasSent whether anything of the request may have gone out */
export function networkError(error: unknown, wasSent: boolean): SafeFetchError {
  if (error instanceof SafeFetchError) {
    // One error of a dial, or of closing, ends many requests: each says for itself whether it had gone out.
    if (error.mayHaveActed === wasSent) return error;
    return new SafeFetchError(error.code, { cause: error.cause, mayHaveActed: wasSent });
  }
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return new SafeFetchError(MEANINGS[code] ?? (wasSent ? "broken" : "unreachable"), {
    cause: error,
    mayHaveActed: wasSent,
  });
}
