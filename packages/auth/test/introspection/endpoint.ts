import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { createGuardedFetch } from "../../src/fetch/guarded-fetch.ts";
import {
  createIntrospector,
  type Introspector,
  type IntrospectorOptions,
} from "../../src/introspection/introspector.ts";

export const CLIENT = { id: "mcp server:1", secret: "s3cret:+ %ü" };

/** What the endpoint was asked. */
export interface Question {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

export interface Endpoint extends AsyncDisposable {
  readonly url: URL;
  /** PEM of the authority that vouches for it. */
  readonly ca: string;
  readonly questions: readonly Question[];
  introspector(overrides?: Partial<IntrospectorOptions>): Introspector;
}

/** An authorization server's introspection endpoint (RFC 7662) over TLS, which answers as it is told. */
export async function startEndpoint(
  answer: (form: URLSearchParams, response: ServerResponse) => void | Promise<void>,
): Promise<Endpoint> {
  const ca = await createTestCa();
  const questions: Question[] = [];
  const server = createServer(await ca.issue(), async (request: IncomingMessage, response) => {
    const form = new URLSearchParams((await request.toArray()).join(""));
    questions.push({ method: request.method, headers: request.headers, form });
    await answer(form, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/introspect`);
  const fetch = createGuardedFetch({ ca: ca.cert, privateAddresses: "allow", timeoutMs: 2_000, maxBytes: 4_096 });
  return {
    url,
    ca: ca.cert,
    questions,
    introspector: (overrides = {}) =>
      createIntrospector({
        endpoint: url,
        clientId: CLIENT.id,
        clientSecret: () => CLIENT.secret,
        fetch,
        ...overrides,
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(value));
}
