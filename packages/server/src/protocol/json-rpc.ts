/** JSON-RPC 2.0 error codes that the entry itself answers with (JSON-RPC 2.0, section 5.1). */
export const RPC = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
  server: -32000,
} as const;

/** A request id, or `null` where none could be read. */
export type RpcId = string | number | null;

/** Why a parsed value is not a JSON-RPC message we serve, in words for the client, with the id to answer to. */
export interface MessageFault {
  readonly code: number;
  readonly message: string;
  readonly id: RpcId;
}

const KEYS = new Set(["jsonrpc", "id", "method", "params", "result", "error"]);
const MAX_METHOD = 128;
const MAX_ID = 256;

/**
 * Checks one message, member by member. Keys are compared exactly: a parser that folds case or Unicode lets two readers
 * of one message see two messages (CVE-2026-27896).
 *
 * @returns `undefined` when the message may go to the protocol layer
 */
export function messageFault(message: unknown): MessageFault | undefined {
  if (!isObject(message)) return { code: RPC.request, message: "A message must be one JSON object.", id: null };
  const id = readableId(message["id"]);
  const fault = (text: string, code: number = RPC.request): MessageFault => ({ code, message: text, id });
  if (message["jsonrpc"] !== "2.0") return fault('"jsonrpc" must be "2.0".');
  for (const key of Object.keys(message)) {
    if (!KEYS.has(key)) return fault("The message has a key that JSON-RPC 2.0 does not know; keys are case-sensitive.");
  }
  if ("id" in message && id === null)
    return fault(`"id" must be a whole number or a string of at most ${MAX_ID} characters.`);
  if ("method" in message) {
    const { method, params } = message;
    if ("result" in message || "error" in message) return fault("A message is either a request or a response.");
    if (typeof method !== "string" || method === "" || method.length > MAX_METHOD)
      return fault('"method" must be a short string.');
    if (params !== undefined && !isObject(params)) return fault('"params" must be an object.');
    if (id === null && Object.hasOwn(NAMING, method)) return fault(`"${method}" is a request and needs an id.`);
    // No list ever changes here, and a stream that stays open would outlive whatever allowed it.
    if (method === "subscriptions/listen") return fault("This server has no subscriptions.", RPC.method);
    return paramsFault(method, params, fault);
  }
  if (id === null || !("result" in message || "error" in message))
    return fault("The message is neither a request nor a response.");
  return undefined;
}

/** The parameters without which a call could not even be named; all else is the call path's business. */
const NAMING: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

function paramsFault(
  method: string,
  params: Record<string, unknown> | undefined,
  fault: (text: string, code: number) => MessageFault,
): MessageFault | undefined {
  const key = Object.hasOwn(NAMING, method) ? NAMING[method] : undefined;
  if (key === undefined) return undefined;
  if (typeof params?.[key] !== "string") return fault(`"params.${key}" must be a string.`, RPC.params);
  const args = params["arguments"];
  if (args !== undefined && !isObject(args)) return fault('"params.arguments" must be an object.', RPC.params);
  return undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The id of a message, or `null` where it has none that can be answered to. */
export function readableId(id: unknown): RpcId {
  if (typeof id === "string" && id.length <= MAX_ID) return id;
  return Number.isSafeInteger(id) ? (id as number) : null;
}

/** An error response, with the public error in `data` where there is one. */
export function errorResponse(id: RpcId, code: number, message: string, data?: unknown) {
  return { jsonrpc: "2.0" as const, id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
