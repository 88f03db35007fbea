import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";
import { httpUpstream, json, type Listener, listen } from "./support/upstreams/index.ts";

async function freePort(): Promise<number> {
  await using probe = await listen(createServer());
  return probe.port;
}

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  paths: { "/thing": { get: { operationId: "getThing", responses: { "200": { description: "It." } } } } },
};

it("an API that goes away is unavailable, /readyz names it, and it is served again once it is back", async () => {
  using folder = testFolder();
  await using healthy = await httpUpstream(() => json({ is: "healthy" }));
  const [port, monitorPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const spec = folder.write("openapi.json", DOCUMENT);
  const upstream = { retries: 0, breaker: { failures: 2, openMs: 2_000 } };
  const config = folder.write("config.json", {
    http: { port, monitorPort },
    apis: {
      healthy: { spec, baseUrl: healthy.origin },
      shop: { spec, baseUrl: `http://127.0.0.1:${apiPort}`, upstream },
    },
  });
  const child = spawn(process.execPath, [CLI, "--config", config, "--audit-dir", folder.audit], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let shop: Listener | undefined;
  try {
    await new Promise<void>((resolve) =>
      child.stderr.on("data", (text: Buffer) => text.includes('"serving"') && resolve()),
    );
    const ready = async () => {
      const answer = await fetch(`http://127.0.0.1:${monitorPort}/readyz`);
      return `${answer.status} ${(await answer.text()).trim()}`;
    };
    const call = async (name: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } }),
      });
      const text = await answer.text();
      const { result } = JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
      return result.isError ? result.structuredContent.error : result.structuredContent.body;
    };
    // Nobody has been asked yet, so nobody is known to be away.
    expect(await ready()).toBe("200 ready");

    await expect
      .poll(async () => [(await call("shop_get_thing")).code, await ready()], { timeout: 20_000 })
      .toEqual(["unavailable", "503 away: shop"]);
    expect(await call("healthy_get_thing")).toEqual({ is: "healthy" });
    expect(await call("shop_get_thing")).toMatchObject({ code: "unavailable", retryable: true });

    const server = createServer((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"is":"back"}'),
    );
    shop = await listen(server, "127.0.0.1", apiPort);
    await expect.poll(() => call("shop_get_thing"), { timeout: 20_000 }).toEqual({ is: "back" });
    // Its answer is kept for a moment.
    await expect.poll(ready, { timeout: 20_000 }).toBe("200 ready");
  } finally {
    child.kill("SIGTERM");
    await once(child, "close");
    await shop?.[Symbol.asyncDispose]();
  }
});
