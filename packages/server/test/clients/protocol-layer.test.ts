import { describe, expect, it } from "vitest";
import { messagesOf, post, startHttp } from "../support/http.ts";
import { connectOld, connectStdio, MODERN } from "../support/stdio.ts";

const request = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

/** What the SDK answers by itself, without any handler of ours. */
const refused: [string, string, object][] = [
  [
    "an open stream that would outlive what allowed it",
    "subscriptions/listen",
    { notifications: { toolsListChanged: true } },
  ],
  [
    "completions",
    "completion/complete",
    { ref: { type: "ref/prompt", name: "x" }, argument: { name: "a", value: "b" } },
  ],
  ["subscriptions", "resources/subscribe", { uri: "x://1" }],
  ["resources where there are none", "resources/read", { uri: "x://1" }],
  ["prompts where there are none", "prompts/get", { name: "x" }],
  ["sampling backwards", "sampling/createMessage", { messages: [], maxTokens: 1 }],
  ["roots backwards", "roots/list", {}],
  ["tasks", "tasks/get", { taskId: "x" }],
];

describe("the protocol layer refuses, once on record,", () => {
  it.each(refused)("%s over HTTP, 2026-07-28", async (_, method, params) => {
    await using http = await startHttp();
    const before = http.sink.events.length;
    const headers: Record<string, string> = { "mcp-protocol-version": "2026-07-28", "mcp-method": method };
    if ("uri" in params) headers["mcp-name"] = String(params.uri);
    if ("name" in params) headers["mcp-name"] = String(params.name);
    const [message] = await messagesOf(
      await post(http.url, request(method, { ...params, _meta: MODERN }), { headers }),
    );
    expect(message).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
    expect(http.sink.events.slice(before)).toMatchObject([{ type: "entry.rejected" }]);
  });

  it.each(refused)("%s over HTTP, older revisions", async (_, method, params) => {
    await using http = await startHttp();
    const before = http.sink.events.length;
    const [message] = await messagesOf(await post(http.url, request(method, params)));
    expect(message).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
    expect(http.sink.events.slice(before)).toMatchObject([{ type: "entry.rejected" }]);
  });

  it.each(refused)("%s over stdio, 2026-07-28", async (_, method, params) => {
    await using stdio = await connectStdio();
    const before = stdio.sink.events.length;
    stdio.send(request(method, { ...params, _meta: MODERN }));
    expect(await stdio.answer(1)).toMatchObject({ error: { code: expect.any(Number) } });
    expect(stdio.sink.events.slice(before)).toMatchObject([{ type: "entry.rejected" }]);
  });

  it.each(refused)("%s over stdio, older revisions", async (_, method, params) => {
    await using stdio = await connectOld();
    const before = stdio.sink.events.length;
    stdio.send(request(method, params));
    expect(await stdio.answer(1)).toMatchObject({ error: { code: expect.any(Number) } });
    expect(stdio.sink.events.slice(before)).toMatchObject([{ type: "entry.rejected" }]);
  });

  it.each(["2024-10-07", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])(
    "but speaks %s",
    async (protocolVersion) => {
      await using http = await startHttp();
      const hello = request("initialize", {
        protocolVersion,
        capabilities: {},
        clientInfo: { name: "old", version: "1" },
      });
      const [message] = await messagesOf(await post(http.url, hello));
      expect(message).toMatchObject({ result: { protocolVersion } });
    },
  );
});
