import { connect, type Socket } from "node:net";
import type { HttpOptions } from "../../src/http/options.ts";
import type { ServerOptions } from "../../src/options.ts";
import { type Running, serve } from "../../src/serve.ts";
import { echoTool, type TestServer, testServer } from "./server.ts";

export interface HttpServer extends TestServer, AsyncDisposable {
  readonly running: Running;
  readonly url: URL;
  readonly port: number;
}

/** A server on a free loopback port. */
export async function startHttp(
  options: Partial<ServerOptions> = {},
  http: Partial<HttpOptions> = {},
): Promise<HttpServer> {
  const made = testServer({ tools: [echoTool()], ...options });
  const running = await serve(made.server, { http: { port: 0, ...http }, ownProcess: false, drainMs: 1_000 });
  const url = new URL(running.address);
  return {
    ...made,
    running,
    url,
    port: Number(url.port),
    [Symbol.asyncDispose]: async () => void (await running.stop("test over")),
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export function parseAnswer(text: string): RawAnswer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

/** Sends exactly these bytes and reads until the server closes. Add `Connection: close` where it would not. */
export function rawHttp(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => (chunks.length > 0 ? finish() : reject(error)));
    socket.on("close", finish);
    function finish(): void {
      resolve(parseAnswer(Buffer.concat(chunks).toString("latin1")));
    }
  });
}

/** A connection on which several requests are sent; resolves each answer with a known content length. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

export function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(text));
  });
}

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export const legacyCall = (id: string | number, name: string, args: unknown) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

/** POSTs a body the way a client of an older revision does. */
export async function post(url: URL, body: unknown, { headers = {}, signal }: PostOptions = {}): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The JSON-RPC messages of a response, whether sent as JSON or as events. */
export async function messagesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  if (!(response.headers.get("content-type") ?? "").includes("text/event-stream")) {
    const parsed = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
    return Array.isArray(parsed) ? parsed : [parsed];
  }
  return [...text.matchAll(/^data: (.+)$/gm)].map((match) => JSON.parse(match[1]!) as Record<string, unknown>);
}
