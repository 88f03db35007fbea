export interface RpcMessage {
  readonly id?: number;
  /** An error of either kind. */
  readonly failed: boolean;
  readonly error?: unknown;
  readonly result?: RpcResult;
}

export interface RpcResult {
  readonly isError?: boolean;
  readonly content?: readonly { readonly text?: string }[];
  readonly structuredContent?: unknown;
}

/** Shorter lines are parsed at once, in characters. */
const SHORT = 4096;
/** The two orders in which the servers under test write the members of an answer. */
const ID_FIRST = /^\{"jsonrpc":"2\.0","id":(\d+),"result":/;
const ID_LAST = /,"jsonrpc":"2\.0","id":(\d+)\}$/;

/**
 * Reads a line. Of a long answer only the id is looked for, and the rest is parsed when somebody asks: on a machine with two
 * cores a client that parses 200 kB for each call would be measured instead of the server.
 */
export function readMessage(line: Buffer): RpcMessage {
  if (line.length > SHORT && !line.includes('"isError":true')) {
    const start = line.toString("latin1", 0, 64);
    const id =
      ID_FIRST.exec(start) ??
      (start.startsWith('{"result":') ? ID_LAST.exec(line.toString("latin1", line.length - 64)) : null);
    if (id !== null) {
      return {
        id: Number(id[1]),
        failed: false,
        get result() {
          return (JSON.parse(line.toString()) as { result: RpcResult }).result;
        },
      };
    }
  }
  const message = JSON.parse(line.toString()) as Omit<RpcMessage, "failed">;
  return { ...message, failed: message.error !== undefined || message.result?.isError === true };
}
