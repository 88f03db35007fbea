import { describe, expect, it } from "vitest";
import { serveMonitor } from "../../src/http/monitor.ts";
import { createReadiness } from "../../src/http/readiness.ts";
import { testServer } from "../support/server.ts";

describe("/readyz", () => {
  it("names what is away, and is well again once it is back", async () => {
    let isUp = false;
    const { server } = testServer({ dependencies: [{ name: "orders", isUp: async () => isUp }] });
    const monitor = await serveMonitor(server, 0);
    const ask = async () => {
      const response = await fetch(`${monitor.address}/readyz`);
      return [response.status, await response.text()];
    };
    try {
      expect(await ask()).toEqual([503, "away: orders\n"]);
      isUp = true;
      await expect.poll(ask, { timeout: 10_000 }).toEqual([200, "ready\n"]);
      monitor.draining();
      expect(await ask()).toEqual([503, "draining\n"]);
    } finally {
      await monitor.close();
    }
  });

  it.each<[string, () => Promise<boolean>]>([
    ["rejects", () => Promise.reject(new Error("canary"))],
    ["answers something else than true", async () => "yes" as unknown as boolean],
    [
      "throws",
      () => {
        throw new Error("canary");
      },
    ],
    ["never answers", () => new Promise(() => {})],
  ])("takes for away what %s", async (_, isUp) => {
    const readiness = createReadiness([
      { name: "well", isUp: async () => true },
      { name: "ill", isUp },
    ]);
    expect(await readiness.away()).toEqual(["ill"]);
  });

  it("asks at most once a second, however often it is asked", async () => {
    let asked = 0;
    let now = 0;
    const isUp = async () => {
      asked++;
      return true;
    };
    const readiness = createReadiness([{ name: "one", isUp }], () => now);
    for (let probe = 0; probe < 50; probe++) await readiness.away();
    expect(asked).toBe(1);
    now = 1001;
    await readiness.away();
    expect(asked).toBe(2);
  });
});
