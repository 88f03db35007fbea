import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { closed, legacyCall, openSocket, post, startHttp } from "../support/http.ts";
import { echoTool, gate } from "../support/server.ts";

/** A server with one call held in its handler. */
async function busy() {
  const started = gate();
  const finish = gate();
  const tool = echoTool({
    run: async ({ text }) => {
      started.resolve();
      await finish.promise;
      return { text };
    },
  });
  const http = await startHttp({ tools: [tool] }, { monitorPort: 0 });
  const kept = await openSocket(http.port);
  const answer = post(http.url, legacyCall(1, "echo", { text: "held" })).then((response) => response.text());
  await started.promise;
  return { http, kept, answer, finish };
}

const requestOn = (port: number) => `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n\r\n`;

describe("a stopping server", () => {
  it("finishes what runs, is not ready, and refuses what comes in on a kept connection", async () => {
    const { http, kept, answer, finish } = await busy();
    // Half a request keeps the connection from being idle, so that the stop cannot close it.
    kept.write(requestOn(http.port).slice(0, -2));
    const ready = new URL("/readyz", http.running.monitorAddress);
    expect((await fetch(ready)).status).toBe(200);
    const stopped = http.running.stop("test");
    expect((await fetch(ready)).status).toBe(503);
    const late = closed(kept);
    kept.write("\r\n");
    expect(await late).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"unavailable"/);
    finish.resolve();
    expect(await answer).toContain("held");
    expect(await stopped).toBe(0);
    expect(http.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "stopping" } }]);
    expect(http.sink.events.at(-1)).toMatchObject({ type: "server.stopped", detail: { reason: "test" } });
  });

  it("takes no new connection", async () => {
    const { http, kept, answer, finish } = await busy();
    const stopped = http.running.stop("test");
    await expect(openSocket(http.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    finish.resolve();
    await Promise.all([answer, stopped]);
    kept.destroy();
  });

  it("aborts what does not end in time, and has it on record before the last record", async () => {
    const { http, kept, answer } = await busy();
    kept.destroy();
    answer.catch(() => undefined);
    expect(await http.running.stop("test")).toBe(0);
    const types = http.sink.events.map((event) => event.type);
    expect(http.sink.of("call.outcome")).toMatchObject([{ outcome: { code: "cancelled" } }]);
    expect(types.at(-1)).toBe("server.stopped");
  });

  it("stops once however often it is told", async () => {
    const http = await startHttp();
    expect(await Promise.all([http.running.stop("a"), http.running.stop("b")])).toEqual([0, 0]);
    expect(http.sink.of("server.stopped")).toHaveLength(1);
  });

  it("says 1 when the last record cannot be written", async () => {
    const http = await startHttp();
    http.sink.fail.write = () => {
      throw new Error("disk is gone");
    };
    expect(await http.running.stop("test")).toBe(1);
    await expect(openSocket(http.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("leaves a connection that says nothing no way to hold it up", async () => {
    const http = await startHttp();
    const idle = await openSocket(http.port);
    const ended = once(idle, "close");
    idle.resume();
    expect(await http.running.stop("test")).toBe(0);
    await ended;
  });
});
