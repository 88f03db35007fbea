import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { JsonError, type JsonLimits, LIMIT_DEFAULTS, parseStrictJson } from "@hardened-mcp/limits";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { isFailure } from "../authenticate.ts";
import { loopbackPrincipal, type Principal } from "../principal.ts";
import { type Rejection, rejectEntry } from "../protocol/entry.ts";
import { type Exchange, GuardedInstance } from "../protocol/instance.ts";
import { messageFault, RPC, type RpcId } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import { isLoopback } from "./bind.ts";
import { readBody } from "./body.ts";
import { type AllowedSources, sourceFault } from "./guard-headers.ts";
import type { HttpLimits, HttpOptions } from "./options.ts";
import { replyRejected, sendResponse } from "./reply.ts";
import { toFetchRequest } from "./request.ts";

/** Stops one request, because: thrown by a check, caught once, recorded and answered. */
class Rejected extends Error {
  readonly status: number;
  readonly rejection: Rejection;
  readonly rpc: number;
  readonly id: RpcId;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    rejection: Rejection,
    more: { rpc?: number; id?: RpcId; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(rejection.reason);
    this.status = status;
    this.rejection = rejection;
    this.rpc = more.rpc ?? RPC.server;
    this.id = more.id ?? null;
    this.headers = more.headers ?? {};
  }
}

/** The HTTP entry: every request passes its checks in order, on every route, before anything of it is parsed. */
export interface Entry {
  readonly listener: RequestListener;
  close(): Promise<void>;
}

export function createEntry(
  server: GuardedServer,
  options: HttpOptions,
  limits: HttpLimits,
  allowed: () => AllowedSources,
): Entry {
  const anonymous = loopbackPrincipal(server.localScopes);
  const json = { ...LIMIT_DEFAULTS.json, maxBytes: limits.maxBodyBytes };
  const exchanges = new WeakMap<Request, Exchange>();
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
    const principal = await authenticated(request, options, anonymous);
    const body = request.method === "POST" ? await parsedBody(request, limits, json) : undefined;
    const abort = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) abort.abort();
    });
    const fetchRequest = toFetchRequest(request, abort.signal);
    const exchange: Exchange = { transport: "http", principal, recorded: false };
    exchanges.set(fetchRequest, exchange);
    const answer = await handler.fetch(fetchRequest, body === undefined ? {} : { parsedBody: body });
    if (answer.status >= 400 && !exchange.recorded) {
      rejectEntry(server, "http", {
        code: "invalid_input",
        reason: "protocol",
        message: "",
        detail: { status: answer.status },
      });
    }
    await sendResponse(response, answer, limits.writeTimeoutMs);
  }

  async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await serve(request, response);
    } catch (thrown) {
      answerThrown(server, response, thrown);
    }
  }

  return { listener: (request, response) => void listener(request, response), close: () => handler.close() };
}

function answerThrown(server: GuardedServer, response: ServerResponse, thrown: unknown): void {
  const rejected =
    thrown instanceof Rejected
      ? thrown
      : new Rejected(
          500,
          { code: "internal", reason: "internal", message: "Something went wrong inside the server." },
          { rpc: RPC.internal },
        );
  const error = rejectEntry(server, "http", rejected.rejection);
  if (rejected !== thrown) server.log.error({ ref: error.ref, err: thrown }, "request failed");
  if (response.headersSent || response.destroyed) response.destroy();
  else replyRejected(response, rejected.status, { id: rejected.id, rpc: rejected.rpc, error }, rejected.headers);
}

/** Before anything else, and on every route: also a 404 or a challenge tells a foreign site that we are here. */
function refuseForeign(request: IncomingMessage, allowed: AllowedSources): void {
  const fault = sourceFault(request, allowed);
  if (fault === undefined) return;
  throw new Rejected(403, {
    code: "denied",
    reason: fault,
    message:
      fault === "host"
        ? "This Host is not allowed. If a proxy or another name is meant, the operator adds it to allowedHosts."
        : "This Origin is not allowed. If a web page is meant to call this server, the operator adds it to allowedOrigins.",
    detail: { [fault]: String(request.headers[fault]) },
  });
}

function refuseUnrouted(request: IncomingMessage): void {
  if (request.url === "/mcp") return;
  throw new Rejected(404, {
    code: "not_found",
    reason: "route",
    message: "There is nothing here. The endpoint is /mcp.",
  });
}

async function authenticated(request: IncomingMessage, options: HttpOptions, anonymous: Principal): Promise<Principal> {
  if (options.authenticator === undefined) {
    if (isLoopback((request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""))) return anonymous;
    throw new Rejected(403, {
      code: "denied",
      reason: "not_loopback",
      message: "Only this machine is served.",
      type: "auth.failed",
    });
  }
  const answer = await options.authenticator.authenticate(request);
  if (!isFailure(answer)) return answer;
  throw new Rejected(
    answer.status,
    {
      code: "denied",
      reason: "authentication",
      message: "Authentication is needed.",
      type: "auth.failed",
      detail: { why: answer.reason },
    },
    { headers: { "www-authenticate": answer.challenge } },
  );
}

async function parsedBody(request: IncomingMessage, limits: HttpLimits, json: JsonLimits): Promise<unknown> {
  if (request.headers["content-encoding"] !== undefined) {
    throw new Rejected(415, {
      code: "invalid_input",
      reason: "encoding",
      message: "A compressed body is not accepted.",
    });
  }
  const body = await readBody(request, limits.maxBodyBytes);
  if (body.kind === "too_large") {
    throw new Rejected(413, {
      code: "too_large",
      reason: "body",
      message: `A body may have at most ${limits.maxBodyBytes} bytes.`,
    });
  }
  if (body.kind === "aborted") {
    throw new Rejected(400, {
      code: "cancelled",
      reason: "aborted",
      message: "The request ended before its body did.",
    });
  }
  const parsed = parseBody(body.bytes, json);
  if (Array.isArray(parsed)) refuseBadBatch(parsed, limits.maxBatch);
  else refuseBadMessage(parsed);
  return parsed;
}

function parseBody(bytes: Buffer, json: JsonLimits): unknown {
  try {
    return parseStrictJson(bytes, json);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Rejected(
      400,
      { code: "invalid_input", reason: `json_${error.code}`, message: error.message },
      { rpc: RPC.parse },
    );
  }
}

/** Batches exist in revision 2025-03-26 only; a hundred calls in one request must not pass for one. */
function refuseBadBatch(batch: readonly unknown[], maxBatch: number): void {
  if (batch.length === 0 || batch.length > maxBatch) {
    throw new Rejected(
      400,
      { code: "invalid_input", reason: "batch", message: `A batch has 1 to ${maxBatch} messages.` },
      { rpc: RPC.request },
    );
  }
  for (const message of batch) refuseBadMessage(message);
}

function refuseBadMessage(message: unknown): void {
  const fault = messageFault(message);
  if (fault === undefined) return;
  throw new Rejected(
    400,
    { code: "invalid_input", reason: "message", message: fault.message },
    { rpc: fault.code, id: fault.id },
  );
}
