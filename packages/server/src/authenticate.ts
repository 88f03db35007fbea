import type { IncomingMessage } from "node:http";
import type { Principal } from "./principal.ts";

/** Why a request got no principal, and the challenge that tells a client how to get one (RFC 9110, section 11.6.1). */
export interface AuthenticationFailure {
  readonly status: 401 | 403;
  /** Value of the `WWW-Authenticate` header. */
  readonly challenge: string;
  /** For the record; never sent. */
  readonly reason: string;
}

/** Who is calling, on HTTP: asked once per request, before its body is read. */
export interface Authenticator {
  authenticate(request: IncomingMessage): Promise<Principal | AuthenticationFailure>;
}

export function isFailure(answer: Principal | AuthenticationFailure): answer is AuthenticationFailure {
  return "challenge" in answer;
}
