import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Issued } from "../certificates.ts";

/** Answers that have no body, whatever was sent (Fetch standard, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * `fetch` that trusts one authority and nobody else, for clients that take a fetch function. The global one trusts the
 * machine's authorities, and the setting that changes that holds for the whole process.
 *
 * Answers are streamed; aborting cuts the connection. A redirect is returned to a caller that asked for
 * `redirect: "manual"`, and fails any other: nothing here follows one silently.
 *
 * @param ca PEM of the authority
 * @param certificate shown to servers that ask for one (mutual TLS)
 */
export function httpsFetch(ca: string, certificate?: Issued): typeof fetch {
  const agent = new Agent({ ca, keepAlive: false, ...certificate });
  return async (input, init) => {
    const asked = new Request(input, init);
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer());
    return await new Promise<Response>((resolve, reject) => {
      const fail = (cause: Error) =>
        reject(asked.signal.aborted ? asked.signal.reason : new TypeError(`fetch failed: ${cause.message}`, { cause }));
      const headers = Object.fromEntries(asked.headers);
      const sent = request(asked.url, { method: asked.method, headers, agent, signal: asked.signal }, (answer) => {
        const response = toResponse(answer, asked.url);
        if (isRedirect(response) && asked.redirect !== "manual") {
          answer.destroy();
          fail(new Error("the server redirects; ask with redirect: 'manual' to see where"));
        } else resolve(response);
      });
      sent.on("error", fail).end(body);
    });
  };
}

function isRedirect(response: Response): boolean {
  return response.status >= 300 && response.status < 400 && response.headers.has("location");
}

function toResponse(answer: IncomingMessage, url: string): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = answer.statusCode ?? 500;
  const bodiless = BODILESS.has(status);
  if (bodiless) answer.resume();
  const body = bodiless ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>);
  const response = new Response(body, { status, statusText: answer.statusMessage ?? "", headers });
  return Object.defineProperty(response, "url", { value: url });
}
