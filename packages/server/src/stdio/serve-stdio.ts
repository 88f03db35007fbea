import type { Readable, Writable } from "node:stream";
import { localPrincipal } from "@hardened-mcp/auth/principal";
import { type JsonLimits, LIMIT_DEFAULTS } from "@hardened-mcp/limits";
import { serveStdio as serveSdkStdio } from "@modelcontextprotocol/server/stdio";
import type { Origin } from "../call/request.ts";
import { type Exchange, GuardedInstance } from "../protocol/instance.ts";
import type { Served } from "../served.ts";
import type { GuardedServer } from "../server.ts";
import { claimStdio } from "./streams.ts";
import { StdioTransport } from "./transport.ts";

/** stdio on other streams, or with other bounds on a message. */
export interface StdioOptions {
  readonly input?: Readable;
  readonly output?: Writable;
  readonly json?: Partial<JsonLimits>;
}

/** Serves one client over stdio until it closes its end. The caller is the user who started the process. */
export function serveStdio(server: GuardedServer, options: StdioOptions, onEnd: () => void): Served {
  const streams =
    options.input !== undefined && options.output !== undefined
      ? { input: options.input, output: options.output }
      : claimStdio();
  const principal = localPrincipal(server.local);
  const origin: Origin = { transport: "stdio", principal, room: () => transport.room() };
  const transport = new StdioTransport(server, origin, streams.input, streams.output, {
    ...LIMIT_DEFAULTS.json,
    ...options.json,
  });
  const handle = serveSdkStdio(() => new GuardedInstance(server, { ...origin, recorded: false } satisfies Exchange), {
    transport,
    // No list ever changes here, and a stream that stays open would outlive whatever allowed it.
    maxSubscriptions: 0,
    // Its message quotes what the client sent, which may be a credential in the wrong place.
    onerror: ({ name }) => server.log.debug({ name }, "protocol error"),
  });
  streams.input.once("end", onEnd).once("error", onEnd).once("close", onEnd);
  streams.output.once("error", onEnd);
  return {
    address: "stdio",
    stopAccepting: async () => transport.stopReading(),
    flush: (ms) => transport.flush(ms),
    close: () => handle.close(),
  };
}
