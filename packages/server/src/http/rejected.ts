import type { ServerResponse } from "node:http";
import type { PublicError } from "../call/answer.ts";
import { type Rejection, rejectEntry } from "../protocol/entry.ts";
import { RPC, type RpcId } from "../protocol/json-rpc.ts";
import type { GuardedServer } from "../server.ts";
import type { EntryRecords } from "./entry-records.ts";
import { replyRejected } from "./reply.ts";

/** Stops one request, because: thrown by a check, caught once, recorded and answered. */
export class Rejected extends Error {
  readonly status: number;
  readonly rejection: Rejection;
  readonly rpc: number;
  readonly id: RpcId;
  readonly headers: Readonly<Record<string, string | string[]>>;

  constructor(
    status: number,
    rejection: Rejection,
    more: { rpc?: number; id?: RpcId; headers?: Readonly<Record<string, string | string[]>> } = {},
  ) {
    super(rejection.reason);
    this.status = status;
    this.rejection = rejection;
    this.rpc = more.rpc ?? RPC.server;
    this.id = more.id ?? null;
    this.headers = more.headers ?? {};
  }
}

/** The client has gone, and why is on record already. */
export class Gone extends Error {}

/** Reasons that anybody can bring about without being known, as often as they like. A failed credential always is on record. */
const FLOODABLE: ReadonlySet<string> = new Set([
  "host",
  "origin",
  "route",
  "method",
  "stopping",
  "address_rate",
  "failure_rate",
  "untrusted_peer",
  "forwarded_proto",
  "relayed",
]);

const bounded = new WeakMap<ServerResponse, (rejection: Rejection) => PublicError>();

/** From now on what stops this request before it is known who sent it is recorded by `records`, within their bounds. */
export function boundRecords(response: ServerResponse, records: EntryRecords, address: () => string): void {
  bounded.set(response, (rejection) => records.reject(address(), rejection));
}

/**
 * Nobody's credential failed: there was none, or nobody can be asked about it. Six thousand such requests a minute may come
 * from each address.
 */
function failedNone({ reason, code, detail }: Rejection): boolean {
  return reason === "authentication" && (code === "unavailable" || detail?.["why"] === "missing");
}

function record(server: GuardedServer, response: ServerResponse, rejection: Rejection): PublicError {
  const within = FLOODABLE.has(rejection.reason) || failedNone(rejection) ? bounded.get(response) : undefined;
  return within === undefined ? rejectEntry(server, "http", rejection) : within(rejection);
}

/** Records and answers whatever stopped a request; what no check of ours threw is a fault of ours, and told as such. */
export function answerThrown(server: GuardedServer, response: ServerResponse, thrown: unknown): void {
  if (thrown instanceof Gone) {
    response.destroy();
    return;
  }
  const rejected =
    thrown instanceof Rejected
      ? thrown
      : new Rejected(
          500,
          { code: "internal", reason: "internal", message: "Something went wrong inside the server." },
          { rpc: RPC.internal },
        );
  const error = record(server, response, rejected.rejection);
  if (rejected !== thrown) server.log.error({ ref: error.ref, err: thrown }, "request failed");
  if (response.headersSent || response.destroyed) response.destroy();
  else replyRejected(response, rejected.status, { id: rejected.id, rpc: rejected.rpc, error }, rejected.headers);
}
