import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { JsonLimits } from "@hardened-mcp/limits";
import type { ServerOptions } from "../../src/options.ts";
import { type Running, serve } from "../../src/serve.ts";
import { echoTool, type TestServer, testServer } from "./server.ts";

export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface StdioServer extends TestServer, AsyncDisposable {
  readonly running: Running;
  readonly input: PassThrough;
  readonly output: PassThrough;
  /** Everything received so far, in order. */
  readonly received: Message[];
  send(...messages: unknown[]): void;
  /** Resolves with the first message that `matches`. */
  until(matches: (message: Message) => boolean): Promise<Message>;
  answer(id: string | number): Promise<Message>;
}

/** A server on in-memory streams. */
export async function connectStdio(
  options: Partial<ServerOptions> = {},
  json: Partial<JsonLimits> = {},
): Promise<StdioServer> {
  const made = testServer({ tools: [echoTool()], ...options });
  const input = new PassThrough();
  const output = new PassThrough();
  const received: Message[] = [];
  const waiting = new Set<(message: Message) => void>();
  let rest = "";
  output.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      received.push(message);
      for (const told of [...waiting]) told(message);
    }
  });
  const running = await serve(made.server, { stdio: { input, output, json }, ownProcess: false, drainMs: 1_000 });
  const until: StdioServer["until"] = (matches) => {
    const found = received.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const told = (message: Message): void => {
        if (!matches(message)) return;
        waiting.delete(told);
        resolve(message);
      };
      waiting.add(told);
    });
  };
  return {
    ...made,
    running,
    input,
    output,
    received,
    until,
    send: (...messages) => {
      for (const message of messages)
        input.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
    },
    answer: (id) => until((message) => message.id === id),
    [Symbol.asyncDispose]: async () => void (await running.stop("test over")),
  };
}

export const initialize = {
  jsonrpc: "2.0",
  id: "init",
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "old", version: "1" } },
} as const;

/** A server that an old client has shaken hands with. */
export async function connectOld(
  options: Partial<ServerOptions> = {},
  json: Partial<JsonLimits> = {},
): Promise<StdioServer> {
  const stdio = await connectStdio(options, json);
  stdio.send(initialize, { jsonrpc: "2.0", method: "notifications/initialized" });
  await stdio.answer("init");
  return stdio;
}

export const call = (id: string | number, name: string, args: unknown, meta?: Record<string, unknown>) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
});

export async function ended(stream: PassThrough): Promise<void> {
  if (!stream.readableEnded) await once(stream, "end");
}

/** What every request of revision 2026-07-28 says about itself. */
export const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
