import { describe, expect, it } from "vitest";
import { createMetrics } from "../src/metrics.ts";
import { legacyCall, post, startHttp } from "./support/http.ts";

describe("metrics", () => {
  it("take no label from a client", async () => {
    await using http = await startHttp({}, { monitorPort: 0 });
    const metrics = async () => await (await fetch(new URL("/metrics", http.running.monitorAddress))).text();
    const names = (text: string) => text.replaceAll(/ [\d.]+$/gm, "");
    for (const name of ["nope", "nope2"]) await (await post(http.url, legacyCall(1, name, {}))).text();
    const before = names(await metrics());
    for (const name of ['x"} 1\nevil{a="b', "\u2028", "y".repeat(1_000), "__proto__"]) {
      await (await post(http.url, legacyCall(1, name, {}))).text();
    }
    await (await post(http.url, { jsonrpc: "2.0", id: 1, method: "no-such-one" })).text();
    await (await post(http.url, { jsonrpc: "2.0", id: 1, method: "no-such-two" })).text();
    const after = names(await metrics());
    expect(after).not.toMatch(/evil|yyy|no-such|__proto__/);
    expect(after.split("\n").length - before.split("\n").length).toBeLessThanOrEqual(1);
    expect(after).toContain('hardened_mcp_calls_total{tool="unknown",code="not_found"}');
  });

  it("are well-formed Prometheus text, with buckets that only grow", () => {
    const metrics = createMetrics();
    for (const ms of [0.5, 3, 80, 70_000]) metrics.called("echo", "ok", ms);
    metrics.rejected("host");
    const lines = metrics.render().trimEnd().split("\n");
    for (const line of lines)
      expect(line).toMatch(/^(# TYPE \w+ (counter|histogram)|\w+(\{\w+="[^"\\\n]*"(,\w+="[^"\\\n]*")*\})? [\d.]+)$/);
    const buckets = lines.filter((line) => line.includes("_bucket")).map((line) => Number(line.split(" ")[1]));
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect(buckets.at(-1)).toBe(4);
  });
});
