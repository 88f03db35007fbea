import { UpstreamError } from "../../model/exchange.ts";
import type { UpstreamLog } from "../log.ts";

/** One secret, wherever it comes from. */
export interface Secret {
  /** @throws {UpstreamError} `credential`; or the signal's reason */
  value(signal: AbortSignal): string | Promise<string>;
  /** It was refused. @returns whether another may be had */
  refused(value: string): boolean;
  /** Those in use, and the one before. */
  values(): Iterable<string>;
}

/** What a secret is called in messages, such as `apis.orders.credential.token`. */
export interface SecretContext {
  readonly what: string;
  readonly log: UpstreamLog;
}

/**
 * A line end in a secret would end the header it is sent in, and begin another (CWE-113); nothing else of the control
 * characters is part of any credential (RFC 7617, section 2; RFC 6750, section 2.1).
 */
export function isUsable(secret: string): boolean {
  return secret !== "" && !/[\x00-\x1f\x7f]/.test(secret);
}

/** Says what is wrong to the operator, and to the caller only that it is the credential. */
export function unusable({ what, log }: SecretContext, why: string): UpstreamError {
  log.warn({ secret: what }, why);
  return new UpstreamError("credential");
}
