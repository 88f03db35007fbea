import { z } from "zod";
import { defineTool, type ToolDefinition, type ToolSpec } from "../../src/define/tool.ts";
import type { ServerOptions } from "../../src/options.ts";
import { createServer, type GuardedServer } from "../../src/server.ts";
import { type CapturedLog, captureLog } from "./log.ts";
import { createFakeSink, type FakeSink } from "./sink.ts";

export interface TestServer extends CapturedLog {
  readonly server: GuardedServer;
  readonly sink: FakeSink;
}

/** A server on a fake sink and a captured log. */
export function testServer(options: Partial<ServerOptions> = {}): TestServer {
  const sink = createFakeSink();
  const captured = captureLog();
  const server = createServer({ name: "test", version: "1.2.3", audit: sink, log: captured.log, ...options });
  return { ...captured, server, sink };
}

const echoInput = z.strictObject({ text: z.string().max(100_000) });
const echoOutput = z.strictObject({ text: z.string() });
type EchoSpec = ToolSpec<typeof echoInput, typeof echoOutput, Record<never, never>>;

/** A tool that gives back its one argument; every part can be replaced. */
export function echoTool(over: Partial<EchoSpec> = {}): ToolDefinition {
  return defineTool({
    name: "echo",
    description: "Gives back its text.",
    effect: "read",
    scope: "echo:use",
    input: echoInput,
    output: echoOutput,
    run: ({ text }) => ({ text }),
    ...over,
  });
}

/** A promise to be settled from outside, for tests that hold a handler at a known point. */
export function gate<T = void>(): PromiseWithResolvers<T> {
  return Promise.withResolvers<T>();
}
