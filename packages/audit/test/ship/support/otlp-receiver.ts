import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

type Value = { stringValue?: string; intValue?: number | string; boolValue?: boolean; doubleValue?: number };

/** A log record as it arrived. */
export interface Arrived {
  readonly body: string;
  readonly eventName: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly timeUnixNano: string;
  readonly traceId: string | undefined;
  readonly service: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the receiver does with the next requests. `hang`: takes the request and never answers. `drip`: one byte at a time. */
export type Mood = "ok" | "hang" | "drip" | "cut" | "partial" | number;

export interface OtlpReceiver {
  readonly url: string;
  readonly port: number;
  mood: Mood;
  /** Milliseconds before an answer. */
  delayMs: number;
  /** Whether it drops a batch when nobody waits for the answer any more. */
  forgets: boolean;
  readonly records: Arrived[];
  /** Requests, whatever became of them. */
  readonly requests: { readonly headers: IncomingMessage["headers"]; readonly url: string }[];
  /** Sizes of the batches that were taken. */
  readonly batches: number[];
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly port?: number;
  readonly tls?: ServerOptions;
}

/** A collector that speaks OTLP/HTTP with JSON, on this machine. */
export async function otlpReceiver({ port = 0, tls }: ReceiverOptions = {}): Promise<OtlpReceiver> {
  const listener: RequestListener = (request, response) => {
    receiver.requests.push({ headers: request.headers, url: request.url ?? "" });
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (receiver.mood === "cut") request.socket.destroy();
    });
    request.on("end", () =>
      setTimeout(() => {
        if (!receiver.forgets || !request.socket.destroyed) answer(Buffer.concat(chunks), response);
      }, receiver.delayMs),
    );
    request.on("error", () => undefined);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const answer = (body: Buffer, response: ServerResponse): void => {
    const { mood } = receiver;
    if (mood === "hang") return;
    if (mood === "drip") {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
      return;
    }
    if (typeof mood === "number") {
      response.writeHead(mood, { location: "/elsewhere", "retry-after": "1" }).end("secret words of the collector");
      return;
    }
    const arrived = decode(body);
    receiver.records.push(...arrived);
    receiver.batches.push(arrived.length);
    const rejected = mood === "partial" ? { partialSuccess: { rejectedLogRecords: "2", errorMessage: "too old" } } : {};
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(rejected));
  };
  const receiver: OtlpReceiver = {
    url: "",
    port: 0,
    mood: "ok",
    delayMs: 0,
    forgets: false,
    records: [],
    requests: [],
    batches: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = (server.address() as AddressInfo).port;
  onTestFinished(() => receiver.close());
  const scheme = tls === undefined ? "http" : "https";
  return Object.assign(receiver, { port: bound, url: `${scheme}://localhost:${bound}/v1/logs` });
}

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

type Raw = Omit<Arrived, "body" | "service" | "attributes"> & {
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
};

interface Request {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly Raw[] }[];
  }[];
}

function decode(body: Buffer): Arrived[] {
  const { resourceLogs } = JSON.parse(body.toString("utf8")) as Request;
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((record) => ({
        ...record,
        body: record.body.stringValue,
        service: plain(resource.attributes)["service.name"],
        attributes: plain(record.attributes),
      })),
    ),
  );
}

function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
