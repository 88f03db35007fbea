import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { endEvents, sendResponse } from "../../src/http/reply.ts";
import { gate } from "../support/server.ts";

/** One request of a client that reads nothing, and what became of its response. */
async function served(body: string | ReadableStream, writeTimeoutMs: number) {
  const sent = gate<ServerResponse>();
  const begun = gate();
  const server = createServer((_, response) => {
    begun.resolve();
    sendResponse(response, new Response(body), writeTimeoutMs, () => false).then(
      () => sent.resolve(response),
      sent.reject,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.pause();
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await begun.promise;
  return {
    client,
    sent: sent.promise,
    [Symbol.dispose]() {
      client.destroy();
      server.close();
    },
  };
}

describe("sending an answer", () => {
  it("gives up on a client that takes nothing of it", async () => {
    using one = await served("x".repeat(64 * 1024 * 1024), 50);
    expect((await one.sent).destroyed).toBe(true);
  });

  it("ends the source when the client goes away while there is nothing to send", async () => {
    const cancelled = gate();
    const silent = new ReadableStream({ pull: () => new Promise(() => undefined), cancel: () => cancelled.resolve() });
    using one = await served(silent, 10_000);
    one.client.destroy();
    await cancelled.promise;
    expect((await one.sent).destroyed).toBe(true);
  });

  it("cuts a stream of events off from a client that does not take its last one", async () => {
    const error = { code: "denied", message: "x", ref: "r", retryable: false } as const;
    const closed = gate();
    const server = createServer((_, response) => {
      response.once("close", closed.resolve).write("x".repeat(64 * 1024 * 1024));
      endEvents(response, { id: 1, rpc: -32_000, error });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.pause();
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await closed.promise;
    client.destroy();
    server.close();
  });
});
