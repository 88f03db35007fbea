import type { IncomingMessage } from "node:http";
import type { Settings } from "../options/settings.ts";
import { certificateThumbprint } from "../proof/certificate.ts";
import { createDpopVerifier } from "../proof/dpop.ts";
import type { Confirmation } from "../token/verified-token.ts";
import { TokenError } from "../token-error.ts";
import { type Credential, headerValues } from "./credential.ts";

/** Whether the sender of a request may use its token, however good the token is. */
export interface SenderCheck {
  /**
   * @returns `degraded`: the store was away, so a replayed proof was looked for in this process only
   * @throws {TokenError}
   */
  check(request: IncomingMessage, credential: Credential, bound: Confirmation): Promise<{ degraded: boolean }>;
}

/** A bound token is never taken without its proof, not even where proofs are `off`: that is what the thief would ask for. */
export function createSenderCheck({ resource, dpop, mtls, state, clockToleranceS }: Settings): SenderCheck {
  const { origin } = new URL(resource);
  const proofs =
    dpop === "off" || state === undefined
      ? undefined
      : createDpopVerifier({ state, clockToleranceS: Math.min(clockToleranceS, 60) });

  function refuseMismatch({ jkt, x5t }: Confirmation): void {
    if (jkt !== undefined && dpop === "off") throw new TokenError("binding-not-accepted");
    if (x5t !== undefined && mtls === "off") throw new TokenError("binding-not-accepted");
    if (jkt === undefined && dpop === "required") throw new TokenError("proof-required");
    if (x5t === undefined && mtls === "required") throw new TokenError("proof-required");
  }

  function checkCertificate(request: IncomingMessage, x5t: string | undefined): void {
    if (x5t === undefined) return;
    const shown = certificateThumbprint(request);
    if (shown === undefined) throw new TokenError("certificate-missing");
    if (shown !== x5t) throw new TokenError("binding-mismatch");
  }

  return {
    async check(request, { scheme, token }, bound) {
      refuseMismatch(bound);
      checkCertificate(request, bound.x5t);
      // RFC 9449, section 7.2: a bound token under the Bearer scheme is a downgrade.
      if (scheme === "bearer" && bound.jkt !== undefined) throw new TokenError("binding-mismatch");
      if (scheme === "bearer" || proofs === undefined) return { degraded: false };
      return await proofs.verify({
        proofs: headerValues(request, "dpop"),
        method: request.method ?? "",
        htu: origin + pathOf(request.url ?? ""),
        accessToken: token,
        boundTo: bound.jkt,
      });
    },
  };
}

/** Of the request, without its query; the rest of the URL is the canonical one, whatever `Host` says. */
function pathOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  // A target in absolute form names a host of the sender's choice.
  if (!path.startsWith("/")) throw new TokenError("dpop-uri");
  return path;
}
