import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

/**
 * The `x5t#S256` of the certificate with which the sender of `request` opened the connection (RFC 8705, section 3.1):
 * what `cnf` of a certificate-bound token is compared with. Of the connection only, never of a header: who can reach
 * the port can write any header, `X-Client-Cert` included.
 *
 * @returns `undefined` where the connection is not TLS, or its certificate is missing, not by an authority this server
 * trusts, or no longer valid
 */
export function certificateThumbprint(request: IncomingMessage): string | undefined {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  // `authorized` is true on a resumed TLS 1.3 connection without a certificate as well.
  const certificate = socket.getPeerX509Certificate();
  // It was valid when the session began; a connection that is kept open or resumed may outlive it.
  if (certificate === undefined || certificate.validToDate.getTime() <= Date.now()) return undefined;
  return hash("sha256", certificate.raw, "base64url");
}
