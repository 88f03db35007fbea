import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { CLI, openShop, structured } from "./support/session.ts";

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

describe("a database that goes away", () => {
  it("is unavailable, /readyz names it, and it is served again once it is back", async () => {
    using folder = testFolder();
    const [port, monitorPort] = [await freePort(), await freePort()];
    const config = folder.write("config.json", { http: { port, monitorPort } });
    const child = spawn(process.execPath, [CLI, "--config", config, "--audit-dir", folder.audit, folder.shop], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      await new Promise<void>((resolve) =>
        child.stderr.on("data", (text: Buffer) => text.includes('"serving"') && resolve()),
      );
      const ready = async () => {
        const answer = await fetch(`http://127.0.0.1:${monitorPort}/readyz`);
        return `${answer.status} ${(await answer.text()).trim()}`;
      };
      const count = async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
          body: JSON.stringify({
            jsonrpc: "2.0",
            id: 1,
            method: "tools/call",
            params: { name: "query", arguments: { sql: "select count(*) from orders" } },
          }),
        });
        const text = await answer.text();
        const { result } = JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text);
        return result.isError ? result.structuredContent.error : result.structuredContent.rows;
      };
      expect(await ready()).toBe("200 ready");
      expect(await count()).toEqual([[2500]]);

      renameSync(folder.shop, `${folder.shop}.gone`);
      await expect.poll(ready, { timeout: 10_000 }).toBe("503 away: shop");
      expect(await count()).toMatchObject({ code: "unavailable", retryable: true });

      renameSync(`${folder.shop}.gone`, folder.shop);
      await expect.poll(ready, { timeout: 10_000 }).toBe("200 ready");
      await expect.poll(count, { timeout: 10_000 }).toEqual([[2500]]);
    } finally {
      child.kill("SIGTERM");
      await once(child, "close");
    }
  });

  it("does not take the others with it, where all are looked through", async () => {
    using folder = testFolder();
    using other = testFolder("create table customs (id integer primary key);");
    const config = { sources: { other: { type: "sqlite", file: other.shop } } };
    await using session = await openShop(folder, { config });
    renameSync(folder.shop, `${folder.shop}.gone`);
    const found = { matches: [{ source: "other", table: "customs" }], complete: false };
    expect(structured(await session.call("search_schema", { text: "custom" }))).toEqual(found);
    expect((await session.call("search_schema", { text: "custom", source: "shop" })).code).toBe("unavailable");
    expect((await session.listResources()).resources.map(({ uri }) => uri)).toEqual(["database://other/customs"]);
  });
});
