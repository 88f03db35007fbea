import type { Readable, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { JsonError, type JsonLimits, parseStrictJson } from "@hardened-mcp/limits";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Origin } from "../call/request.ts";
import { recordProtocolError, rejectEntry } from "../protocol/entry.ts";
import { errorResponse, isObject, messageFault, RPC, type RpcId } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import { createDirectCalls, type DirectCalls } from "./direct-calls.ts";
import { createLineReader, type Line } from "./lines.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

/** Unsent answers, in characters, above which no further request is read: who stops reading stops being served. */
const MAX_UNSENT = 8 * 1024 * 1024;
/** Unsent answers at which reading goes on. Waiting for the last one would leave the server idle while a client catches up. */
const FEW_UNSENT = 2 * 1024 * 1024;
/**
 * Lines handled in one turn of the event loop. With all 32 of a busy client in one turn, calls go to the disk in step and
 * the server idles while it waits; in turns of eight, one group's sync runs while the next group is worked on.
 */
const LINES_A_TURN = 8;

/**
 * MCP over a pair of byte streams, one JSON object a line (spec: basic/transports/stdio).
 *
 * Stricter than the SDK's own: a line that is not exactly one JSON-RPC message gets an error with a reference instead of
 * silence, and is put on record.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #server: GuardedServer;
  readonly #input: Readable;
  readonly #outbox: Outbox;
  readonly #limits: Partial<JsonLimits>;
  #closed = false;
  #stopped = false;
  readonly #lines: Line[] = [];
  readonly #direct: DirectCalls;
  /** Ids of requests that wait for their answer. */
  readonly #open = new Set<RpcId>();
  /** Id of the `initialize` that waits for its answer; once answered, the connection is of the older era for good. */
  #opening: RpcId = null;
  #isOlderEra = false;

  constructor(server: GuardedServer, origin: Origin, input: Readable, output: Writable, limits: JsonLimits) {
    this.#server = server;
    this.#input = input;
    this.#outbox = createOutbox(output);
    this.#limits = limits;
    this.#direct = createDirectCalls(server, origin, (line, answered) => {
      if (answered !== undefined) this.#open.delete(answered);
      this.#write(line);
    });
    const read = createLineReader(limits.maxBytes, (line) => this.#lines.push(line));
    input.on("data", (chunk: Buffer) => {
      if (this.#stopped) return;
      read(chunk);
      this.#takeTurn();
    });
    // The end of input is not the end: what is nearly done is still answered. Whoever serves decides how long.
    // A client that is gone: there is nobody left to answer.
    output.on("error", () => void this.close());
    input.pause();
  }

  async start(): Promise<void> {
    if (!this.#stopped) this.#input.resume();
  }

  /** Resolves when the client has taken so much that there is room for another answer; `undefined`: there is. */
  room(): Promise<void> | undefined {
    if (this.#outbox.waiting <= MAX_UNSENT) return undefined;
    return new Promise((resolve) => this.#outbox.whenAtMost(FEW_UNSENT, resolve));
  }

  /** No message is read from here on; a reader that catches up does not start it again. */
  stopReading(): void {
    this.#stopped = true;
    this.#input.pause();
  }

  /** Resolves when everything written has been taken, or after `ms`. */
  async flush(ms: number): Promise<void> {
    // The SDK sends an answer some microtasks after its call has ended.
    await nextTurn();
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#outbox.whenAtMost(0, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    recordProtocolError(this.#server, "stdio", message);
    if ("id" in message && !("method" in message)) this.#open.delete(message.id ?? null);
    if (this.#opening !== null && "id" in message && message.id === this.#opening) {
      this.#isOlderEra = "result" in message;
      this.#opening = null;
    }
    this.#write(JSON.stringify(message));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.pause();
    this.#direct.close();
    this.onclose?.();
  }

  #receive(line: Line): void {
    if (this.#closed) return;
    if (line.kind === "too_long") {
      this.#reject(
        null,
        RPC.request,
        "too_large",
        "line_too_long",
        `A message may have at most ${this.#limits.maxBytes} bytes.`,
      );
      return;
    }
    // A carriage return before the newline belongs to the line ending; an empty line is no message.
    if (line.bytes.length === 0 || (line.bytes.length === 1 && line.bytes[0] === 0x0d)) return;
    let message: unknown;
    try {
      message = parseStrictJson(line.bytes, this.#limits);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.#reject(null, RPC.parse, "invalid_input", `json_${error.code}`, error.message);
      return;
    }
    const fault = messageFault(message);
    if (fault !== undefined) this.#reject(fault.id, fault.code, "invalid_input", "message", fault.message);
    else this.#deliver(message as Record<string, unknown>);
  }

  #deliver(message: Record<string, unknown>): void {
    const { method, params } = message;
    if (method === "notifications/cancelled" && isObject(params)) this.#open.delete(params["requestId"] as RpcId);
    if (method !== undefined && "id" in message) {
      const id = message["id"] as RpcId;
      // Spec: basic, "The request ID MUST NOT have been previously used": two answers to one id cannot be told apart.
      if (this.#open.has(id)) {
        this.#reject(id, RPC.request, "invalid_input", "id_in_use", "This id is still in use.");
        return;
      }
      this.#open.add(id);
    }
    if (this.#isOlderEra && this.#direct.take(message)) return;
    if (message["method"] === "initialize") this.#opening = (message["id"] ?? null) as RpcId;
    this.onmessage?.(message as unknown as JSONRPCMessage);
  }

  #reject(id: RpcId, rpc: number, code: "invalid_input" | "too_large", reason: string, message: string): void {
    const error = rejectEntry(this.#server, "stdio", { code, reason, message });
    this.#write(JSON.stringify(errorResponse(id, rpc, error.message, { error })));
  }

  #write(line: string): void {
    if (this.#closed) return;
    this.#outbox.send(line);
    if (!this.#stopped && !this.#input.isPaused() && this.#outbox.waiting > MAX_UNSENT) this.#waitForRoom();
  }

  /** Reads nothing until the client has taken what waits for it. */
  #waitForRoom(): void {
    this.#input.pause();
    this.#outbox.whenAtMost(FEW_UNSENT, () => this.#takeTurn());
  }

  /**
   * Handles some of the lines that have come, and leaves the rest to the next turn of the event loop. Nothing more is read
   * meanwhile, so that memory holds one chunk, and the end of input is seen only after the last line.
   */
  #takeTurn(): void {
    if (this.#closed || this.#stopped) return;
    for (const line of this.#lines.splice(0, LINES_A_TURN)) this.#receive(line);
    if (this.#lines.length > 0) {
      this.#input.pause();
      setImmediate(() => this.#takeTurn());
    } else if (this.#outbox.waiting > MAX_UNSENT) {
      this.#waitForRoom();
    } else if (this.#input.isPaused()) {
      this.#input.resume();
    }
  }
}
