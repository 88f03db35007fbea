import { McpServer, ProtocolError, type ServerContext, type Transport } from "@modelcontextprotocol/server";
import type { Answer, PublicError } from "../call/answer.ts";
import { isVisible } from "../call/guard.ts";
import { walkCallPath } from "../call/path.ts";
import type { CallRequest, Origin, ProgressSink } from "../call/request.ts";
import type { Method } from "../operation.ts";
import type { GuardedServer } from "../server.ts";
import { recordProtocolError } from "./entry.ts";
import { refusal } from "./refusal.ts";

/** Scopes that a caller lacks, with the refusal that says so. */
export interface Challenge {
  readonly scopes: readonly string[];
  readonly error: PublicError;
}

/** What the SDK's answer to one message was about; `recorded` says whether the call path has put it on record. */
export interface Exchange extends Origin {
  recorded: boolean;
  /** What the one call of this request lacks: it is answered with 403 and a challenge (RFC 6750, section 3.1). */
  challenge?: Challenge;
  /** Milliseconds after which a call of this request, refused for its rate, may be tried again. */
  retryAfterMs?: number;
  /** Told the size of each answer that has been made, in bytes. */
  answered?(bytes: number): void;
}

/** How long a client may keep a list, in milliseconds. Private: what is listed depends on who asks. */
const LIST_CACHE = { ttlMs: 60_000, cacheScope: "private" } as const;
/** What was read may change at any time. */
const READ_CACHE = { ttlMs: 0, cacheScope: "private" } as const;

/**
 * The SDK's server for one connection (stdio) or one request (HTTP), with every method that can reach a handler bound to
 * the call path. Nothing is registered with the SDK itself: what it does not know it cannot serve around the path.
 */
export class GuardedInstance extends McpServer {
  readonly #guarded: GuardedServer;
  readonly #exchange: Exchange;

  constructor(guarded: GuardedServer, exchange: Exchange) {
    const { offers } = guarded;
    super(
      { name: guarded.name, version: guarded.version },
      {
        capabilities: {
          tools: { listChanged: false },
          ...(offers.resources ? { resources: { listChanged: false, subscribe: false } } : {}),
          ...(offers.prompts ? { prompts: { listChanged: false } } : {}),
        },
        cacheHints: {
          "tools/list": LIST_CACHE,
          "prompts/list": LIST_CACHE,
          "resources/templates/list": LIST_CACHE,
          "resources/list": READ_CACHE,
          "resources/read": READ_CACHE,
          "server/discover": LIST_CACHE,
        },
        ...(guarded.instructions === undefined ? {} : { instructions: guarded.instructions }),
      },
    );
    this.#guarded = guarded;
    this.#exchange = exchange;
    this.#bind();
  }

  #bind(): void {
    const { server } = this;
    const { offers } = this.#guarded;
    server.setRequestHandler("tools/list", (request, ctx) => this.#list("tools/list", request.params, ctx));
    server.setRequestHandler("tools/call", async ({ params }, ctx) => {
      const answer = await this.#walk("tools/call", params.name, params.arguments, ctx);
      if (answer.ok) return answer.result as never;
      if (answer.unknown) throw asProtocolError(answer);
      return refusal(answer.error) as never;
    });
    if (offers.resources) {
      server.setRequestHandler("resources/list", (request, ctx) => this.#list("resources/list", request.params, ctx));
      server.setRequestHandler("resources/templates/list", (request, ctx) =>
        this.#list("resources/templates/list", request.params, ctx),
      );
      server.setRequestHandler("resources/read", async ({ params }, ctx) =>
        // The URI is the client's own, and belongs in a not-found error (SEP-2164).
        resultOrThrow(await this.#walk("resources/read", params.uri, undefined, ctx), { uri: params.uri }),
      );
    }
    if (offers.prompts) {
      server.setRequestHandler("prompts/list", (request, ctx) => this.#list("prompts/list", request.params, ctx));
      server.setRequestHandler("prompts/get", async ({ params }, ctx) =>
        resultOrThrow(await this.#walk("prompts/get", params.name, params.arguments, ctx)),
      );
    }
  }

  async #list(method: Method, params: { cursor?: string | undefined } | undefined, ctx: ServerContext): Promise<never> {
    const args = params?.cursor === undefined ? {} : { cursor: params.cursor };
    return resultOrThrow(await this.#walk(method, method, args, ctx));
  }

  async #walk(method: Method, name: string, args: unknown, ctx: ServerContext): Promise<Answer> {
    this.#exchange.recorded = true;
    const answer = await walkCallPath(this.#guarded.guard, {
      method,
      name,
      args,
      origin: this.#exchange,
      signal: ctx.mcpReq.signal,
      progress: progressSink(ctx),
      traceparent: ctx.mcpReq._meta?.["traceparent"],
    } satisfies CallRequest);
    if (answer.ok) this.#exchange.answered?.(answer.bytes);
    else {
      if (answer.missingScopes !== undefined)
        this.#exchange.challenge = { scopes: answer.missingScopes, error: answer.error };
      if (answer.error.retryAfterMs !== undefined) this.#exchange.retryAfterMs = answer.error.retryAfterMs;
    }
    return answer;
  }

  /**
   * The schema behind the SDK's `Mcp-Param-*` header check. Only of tools the caller may see: a header error for a hidden
   * tool would tell that it exists.
   */
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    const { principal } = this.#exchange;
    const tool = this.#guarded.tools.get(name);
    if (tool === undefined || principal === undefined) return undefined;
    return isVisible(this.#guarded.guard.policy, principal, tool.operation) ? tool.listed.inputSchema : undefined;
  }

  /** Watches what the SDK answers by itself. On stdio the transport does, since some answers never pass through here. */
  override async connect(transport: Transport): Promise<void> {
    if (this.#exchange.transport === "http") {
      const send = transport.send.bind(transport);
      transport.send = (message, options) => {
        if (recordProtocolError(this.#guarded, "http", message)) this.#exchange.recorded = true;
        return send(message, options);
      };
    }
    await super.connect(transport);
  }
}

function resultOrThrow(answer: Answer, data: object = {}): never {
  if (answer.ok) return answer.result as never;
  throw asProtocolError(answer, data);
}

function asProtocolError(answer: Extract<Answer, { ok: false }>, data: object = {}): ProtocolError {
  return new ProtocolError(answer.rpc, answer.error.message, { error: answer.error, ...data });
}

function progressSink(ctx: ServerContext): ProgressSink | undefined {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return {
    send: (progress) => {
      // A client that went away is no failure of the call.
      ctx.mcpReq
        .notify({ method: "notifications/progress", params: { progressToken, ...progress } })
        .catch(() => undefined);
    },
  };
}
