import { describe, expect, it } from "vitest";
import { legacyCall, messagesOf, post, startHttp } from "../support/http.ts";
import { echoTool } from "../support/server.ts";
import { MODERN } from "../support/stdio.ts";

const modern = {
  headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" },
  body: { ...legacyCall(1, "echo", {}), params: { name: "echo", arguments: { text: "x" }, _meta: MODERN } },
};
const legacy = { headers: {}, body: legacyCall(1, "echo", { text: "x" }) };

describe("a call that is refused for its rate", () => {
  it.each([
    ["an older revision", legacy],
    ["2026-07-28", modern],
  ])("says over HTTP when to come back, to a client of %s", async (_, { headers, body }) => {
    await using http = await startHttp({ tools: [echoTool({ limits: { callsPerMinute: 1 } })] });
    const first = await post(http.url, body, { headers });
    expect([first.status, first.headers.get("retry-after")]).toEqual([200, null]);
    await first.text();
    const second = await post(http.url, body, { headers });
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    const [message] = await messagesOf(second);
    expect(message).toMatchObject({
      result: { isError: true, structuredContent: { error: { code: "rate_limited", retryable: true } } },
    });
  });
});
