import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { LIMIT_DEFAULTS } from "@hardened-mcp/limits";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { createInFlight } from "../call/in-flight.ts";
import { rejectEntry } from "../protocol/entry.ts";
import { type Exchange, GuardedInstance } from "../protocol/instance.ts";
import { isObject, RPC, readableId } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import { createAdmission } from "./admission.ts";
import { createBacklog } from "./backlog.ts";
import { refuseForeign, refuseOtherMethods, refuseUnrouted, refuseWhileStopping } from "./checks.ts";
import type { AllowedSources } from "./guard-headers.ts";
import { createLifetimes } from "./lifetimes.ts";
import { createMetadata } from "./metadata.ts";
import type { HttpLimits, HttpOptions } from "./options.ts";
import { parsedBody } from "./parsed-body.ts";
import { clientAddress } from "./proxy/client-address.ts";
import { parseTrustedProxies } from "./proxy/trusted.ts";
import { answerThrown, Gone } from "./rejected.ts";
import { endEvents, replyRejected, sendResponse } from "./reply.ts";
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

/** What a client is told when its credential ends before its call does. */
const ENDED = {
  expired: "The credential has expired, and the call was stopped. Get another one, then try again.",
  revoked: "The credential is no longer good, and the call was stopped. Get another one, then try again.",
} as const;

/** A body that takes longer to arrive may outlive the credential that its headers brought. */
const PROMPT_BODY_MS = 100;

export function createEntry(
  server: GuardedServer,
  options: HttpOptions,
  limits: HttpLimits,
  allowed: () => AllowedSources,
): Entry {
  const trusted = parseTrustedProxies(options.trustedProxies);
  const admission = createAdmission(server, options, limits);
  const metadata = createMetadata(options.authenticator, server.publishedScopes);
  const lifetimes = createLifetimes();
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
      // Its message quotes what the client sent, which may be a credential in the wrong place.
      onerror: ({ name }) => server.log.debug({ name }, "protocol error"),
    },
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseForeign(request, allowed());
    if (metadata.answer(request, response)) return;
    refuseUnrouted(request);
    refuseWhileStopping(stopping);
    refuseOtherMethods(request);
    const authenticated = await admission.admit(request, clientAddress(request, trusted));
    const { principal, degraded } = authenticated;
    const admittedAt = performance.now();
    const body = await parsedBody(request, limits, json, cutOff);
    if (performance.now() - admittedAt > PROMPT_BODY_MS) await admission.stillGood(request, authenticated);
    // Whoever has left is told nothing, and holds nothing.
    if (response.destroyed) throw new Gone();
    // From here on the deadline of the call is the limit; a long call is no idle connection.
    request.socket.setTimeout(0);
    const abort = new AbortController();
    let hasEvents = false;
    const live = lifetimes.add(authenticated, (why) => {
      const reason = `credential_${why}`;
      const error = rejectEntry(server, "http", { code: "denied", reason, message: ENDED[why], type: "auth.failed" });
      // First of all: from here on nothing more is done for whoever this is.
      abort.abort();
      // One error cannot answer a batch, and what has not begun as a stream of events cannot end as one.
      if (!hasEvents || !isObject(body)) response.destroy();
      else endEvents(response, { id: readableId(body["id"]), rpc: RPC.server, error });
    });
    response.once("close", () => {
      live();
      if (!response.writableFinished) abort.abort();
    });
    const fetchRequest = toFetchRequest(request, abort.signal);
    const exchange: Exchange = {
      transport: "http",
      principal,
      degraded,
      recorded: false,
      room: backlog.room,
      // A client that left before its answer was made takes nothing more: "close" has been, and will not come again.
      answered: (bytes) => {
        if (!response.destroyed) response.once("close", backlog.add(bytes));
      },
    };
    exchanges.set(fetchRequest, exchange);
    const answer = await handler.fetch(fetchRequest, { parsedBody: body });
    hasEvents = answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
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
    await sendResponse(response, answer, limits.writeTimeoutMs, () => {
      const { challenge, retryAfterMs } = exchange;
      if (retryAfterMs !== undefined) response.setHeader("retry-after", String(Math.ceil(retryAfterMs / 1000)));
      if (challenge === undefined || options.authenticator === undefined || !isObject(body)) return false;
      // Put on record by the call path already.
      const rejected = { id: readableId(body["id"]), rpc: RPC.server, error: challenge.error };
      const challenges = options.authenticator.insufficientScope(request, challenge.scopes);
      replyRejected(response, 403, rejected, { "www-authenticate": [...challenges] });
      return true;
    });
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
