import { createServer, type OutgoingHttpHeaders, type RequestListener, request } from "node:http";
import { createServer as createTlsServer, request as requestTls } from "node:https";
import type { AddressInfo } from "node:net";
import type { Issued, TestCa } from "../../../../test/support/certificates.ts";
import { type Authenticated, type Authenticator, isFailure, type Principal } from "../../src/index.ts";

/** One request, as it goes over the wire. */
export interface Sent {
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly knownOnly?: boolean;
  /** The client's certificate. */
  readonly certificate?: Issued;
}

export interface Answer {
  readonly status: number;
  readonly challenges: readonly string[];
  readonly body: string;
  /** For the record only; this server sends it so that the test can see it. */
  readonly reason: string | undefined;
}

/** A server on which every request goes through the authenticator, and a handler that must not see a bad one. */
export interface ResourceServer extends AsyncDisposable {
  readonly handled: Principal[];
  /** What each request that was let in came with. */
  readonly admitted: Authenticated[];
  send(sent: Sent): Promise<Answer>;
  bearer(token: string, options?: { readonly knownOnly?: boolean }): Promise<Answer>;
}

export async function startResourceServer(authenticator: Authenticator, ca?: TestCa): Promise<ResourceServer> {
  const handled: Principal[] = [];
  const admitted: Authenticated[] = [];
  const listener: RequestListener = async (incoming, response) => {
    const knownOnly = incoming.headers["x-known-only"] !== undefined;
    const answer = await authenticator.authenticate(incoming, { scopes: ["files:read", "offline_access"], knownOnly });
    if (isFailure(answer)) {
      const headers = { "www-authenticate": [...answer.challenges], "x-reason": answer.reason };
      return response.writeHead(answer.status, headers).end();
    }
    handled.push(answer.principal);
    admitted.push(answer);
    response.end(answer.principal.subject);
  };
  const server =
    ca === undefined
      ? createServer(listener)
      : createTlsServer({ ...(await ca.issue()), ca: ca.cert, requestCert: true, rejectUnauthorized: false }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function send({ path = "/mcp", headers = {}, body = "{}", knownOnly = false, certificate }: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const known = knownOnly ? { "x-known-only": "1" } : {};
      const tls = ca === undefined ? {} : { ca: ca.cert, servername: "localhost", ...certificate };
      (ca === undefined ? request : requestTls)(
        { host: "127.0.0.1", port, path, method: "POST", headers: { ...headers, ...known }, agent: false, ...tls },
        (response) => {
          const challenges = response.rawHeaders.filter(
            (_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === "www-authenticate",
          );
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => {
            const reason = response.headers["x-reason"]?.toString();
            resolve({ status: response.statusCode ?? 0, challenges, body: text, reason });
          });
        },
      )
        .on("error", reject)
        .end(body);
    });
  }

  return {
    handled,
    admitted,
    send,
    bearer: (token, options) => send({ headers: { authorization: `Bearer ${token}` }, ...options }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await authenticator.close();
    },
  };
}
