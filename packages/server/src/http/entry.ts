import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { loopbackPrincipal } from "@hardened-mcp/auth/principal";
import { LIMIT_DEFAULTS } from "@hardened-mcp/limits";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { createInFlight } from "../call/in-flight.ts";
import { rejectEntry } from "../protocol/entry.ts";
import { type Exchange, GuardedInstance } from "../protocol/instance.ts";
import { isObject } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import { createBacklog } from "./backlog.ts";
import {
  authenticated,
  onLoopback,
  refuseForeign,
  refuseOtherMethods,
  refuseUnrouted,
  refuseWhileStopping,
} from "./checks.ts";
import type { AllowedSources } from "./guard-headers.ts";
import type { HttpLimits, HttpOptions } from "./options.ts";
import { parsedBody } from "./parsed-body.ts";
import { answerThrown } from "./rejected.ts";
import { sendResponse } from "./reply.ts";
import { toFetchRequest } from "./request.ts";

/** The HTTP entry: every request passes its checks in order, on every route, before anything of it is parsed. */
export interface Entry {
  readonly listener: RequestListener;
  /** A connection was ended, and put on record, below this entry; its requests are no second story. */
  cutOff(socket: Duplex): void;
  /** From now on every request is answered with 503 and its connection closed. */
  stopAccepting(): void;
  /** Resolves when every response has left, or after `ms`. */
  idle(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The SDK refuses it, having no room for subscriptions here, but on a path of its own that no instance of ours sees. */
const isListen = (body: unknown): boolean => isObject(body) && body["method"] === "subscriptions/listen";

export function createEntry(
  server: GuardedServer,
  options: HttpOptions,
  limits: HttpLimits,
  allowed: () => AllowedSources,
): Entry {
  const anonymous = onLoopback(loopbackPrincipal(server.local));
  const json = { ...LIMIT_DEFAULTS.json, maxBytes: limits.maxBodyBytes };
  const exchanges = new WeakMap<Request, Exchange>();
  const cutOff = new WeakSet<Duplex>();
  const responses = createInFlight();
  const backlog = createBacklog();
  let stopping = false;
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo === undefined ? undefined : exchanges.get(requestInfo);
      if (exchange === undefined) throw new TypeError("a request came in around the entry");
      return new GuardedInstance(server, exchange);
    },
    {
      maxRequestBodySize: limits.maxBodyBytes,
      // No list ever changes here, and a stream that stays open would outlive whatever allowed it.
      maxSubscriptions: 0,
      onerror: (error) => server.log.debug({ err: error }, "protocol error"),
    },
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseForeign(request, allowed());
    refuseUnrouted(request);
    refuseWhileStopping(stopping);
    refuseOtherMethods(request);
    const { principal } = await authenticated(request, options, anonymous, server.scopes);
    const body = await parsedBody(request, limits, json, cutOff);
    // From here on the deadline of the call is the limit; a long call is no idle connection.
    request.socket.setTimeout(0);
    const abort = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) abort.abort();
    });
    const fetchRequest = toFetchRequest(request, abort.signal);
    const exchange: Exchange = {
      transport: "http",
      principal,
      recorded: false,
      room: backlog.room,
      // A client that left before its answer was made takes nothing more: "close" has been, and will not come again.
      answered: (bytes) => {
        if (!response.destroyed) response.once("close", backlog.add(bytes));
      },
    };
    exchanges.set(fetchRequest, exchange);
    const answer = await handler.fetch(fetchRequest, { parsedBody: body });
    if (!exchange.recorded && (answer.status >= 400 || isListen(body))) {
      rejectEntry(server, "http", {
        code: "invalid_input",
        reason: "protocol",
        message: "",
        detail: { status: answer.status },
      });
    }
    // A kept connection would otherwise outlive the drain.
    if (stopping) response.setHeader("connection", "close");
    await sendResponse(response, answer, limits.writeTimeoutMs);
    // The call is over: from here on a client that does not take the rest is idle again.
    request.socket.setTimeout(limits.idleTimeoutMs);
  }

  async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    responses.enter();
    response.once("close", () => responses.leave());
    // A late error on a response that nobody writes to any more must not end the process.
    response.on("error", () => undefined);
    try {
      await serve(request, response);
    } catch (thrown) {
      answerThrown(server, response, thrown);
    }
  }

  return {
    listener(request, response) {
      listener(request, response).catch((error: unknown) => {
        server.log.error({ err: error }, "request could not be answered");
        response.destroy();
      });
    },
    cutOff: (socket) => void cutOff.add(socket),
    stopAccepting() {
      stopping = true;
    },
    idle: (ms) => responses.idle(ms),
    close: () => handler.close(),
  };
}
