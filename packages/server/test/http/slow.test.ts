import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { closed, legacyCall, openSocket, post, rawHttp, startHttp } from "../support/http.ts";
import { echoTool, gate } from "../support/server.ts";
import { MODERN } from "../support/stdio.ts";

const tiny = { headersTimeoutMs: 50, requestTimeoutMs: 80, idleTimeoutMs: 1_000 };

describe("a slow client", () => {
  it("that never ends its headers is cut off, once on record", async () => {
    await using http = await startHttp({}, { limits: tiny });
    const answer = await rawHttp(http.port, "POST /mcp HTTP/1.1\r\nHost: x\r\nX-Slow:");
    expect(answer.status).toBe(408);
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "slow_request" } }]);
  });

  it("that never ends its body is cut off, once on record", async () => {
    await using http = await startHttp({}, { limits: tiny });
    const answer = await rawHttp(
      http.port,
      `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nContent-Length: 100\r\n\r\n{`,
    );
    expect(answer.status).toBe(408);
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "slow_request" } }]);
  });

  it("that says nothing at all is cut off", async () => {
    await using http = await startHttp({}, { limits: { ...tiny, idleTimeoutMs: 50 } });
    const socket = await openSocket(http.port);
    expect(await closed(socket)).toMatch(/^$|408/);
  });
});

describe("a long call", () => {
  it("is no idle connection: its deadline is the limit", async () => {
    const tool = echoTool({
      // Work that takes five times as long as a connection may be idle.
      run: async ({ text }) => {
        await setTimeout(250);
        return { text };
      },
    });
    await using http = await startHttp({ tools: [tool] }, { limits: { idleTimeoutMs: 50 } });
    const answer = await post(http.url, legacyCall(1, "echo", { text: "long" }));
    expect(await answer.text()).toContain("long");
    expect(http.sink.of("call.outcome")).toMatchObject([{ outcome: { code: "ok" } }]);
  });
});

describe("more clients than there is room for", () => {
  it("are dropped and put on record", async () => {
    await using http = await startHttp({}, { limits: { maxConnections: 1 } });
    const first = await openSocket(http.port);
    const second = connect(http.port, "127.0.0.1");
    await closed(second);
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "connections" } }]);
    first.destroy();
  });
});

describe("a client that goes away", () => {
  it.each(["old", "modern"])("cancels its call, which is on record as cancelled (%s revision)", async (era) => {
    const started = gate();
    const stopped = gate();
    await using http = await startHttp({
      tools: [
        echoTool({
          run: (_, call) =>
            new Promise((_, reject) => {
              call.signal.addEventListener("abort", () => {
                stopped.resolve();
                reject(new Error("stopped"));
              });
              started.resolve();
            }),
        }),
      ],
    });
    const client = new AbortController();
    const body = legacyCall(1, "echo", { text: "x" });
    const params = era === "old" ? body.params : { ...body.params, _meta: MODERN };
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" };
    const answer = post(http.url, { ...body, params }, { signal: client.signal, headers: era === "old" ? {} : headers })
      .then((response) => response.text())
      .catch((error: Error) => error.name);
    await started.promise;
    client.abort();
    await stopped.promise;
    expect(await answer).toBe("AbortError");
    expect(await http.sink.until((event) => event.type === "call.outcome")).toMatchObject({
      outcome: { code: "cancelled" },
    });
  });

  it("in the middle of its body leaves one record and no call", async () => {
    await using http = await startHttp();
    const socket = await openSocket(http.port);
    socket.write(`POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${http.port}\r\nContent-Length: 100\r\n\r\n{`, () =>
      socket.destroy(),
    );
    await http.sink.until((event) => event.type === "entry.rejected");
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "aborted" } }]);
    expect(http.sink.of("call.intent", "call.refused")).toEqual([]);
  });

  it("in the middle of a batch cancels every member", async () => {
    const started = gate();
    let running = 0;
    await using http = await startHttp({
      tools: [
        echoTool({
          run: () => {
            if (++running === 3) started.resolve();
            return new Promise(() => undefined);
          },
        }),
      ],
    });
    const client = new AbortController();
    const batch = [1, 2, 3].map((id) => legacyCall(id, "echo", { text: "x" }));
    const answer = post(http.url, batch, { signal: client.signal, headers: { "mcp-protocol-version": "2025-03-26" } })
      .then((response) => response.text())
      .catch(() => "gone");
    await started.promise;
    client.abort();
    await answer;
    await http.sink.until(() => http.sink.of("call.outcome").length === 3);
    expect(http.sink.of("call.outcome").map((event) => event.outcome.code)).toEqual([
      "cancelled",
      "cancelled",
      "cancelled",
    ]);
  });
});
