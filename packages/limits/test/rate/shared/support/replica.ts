/** One replica, in a process of its own, started by `startReplica`: takes as told, and reports what passed. */
import { appendFileSync } from "node:fs";
import { openState } from "@hardened-mcp/state";

import { createSharedRateLimiter } from "../../../../src/rate/shared/shared-rate-limiter.ts";
import type { Order, Report } from "./start-replica.ts";

const order = JSON.parse(process.argv[2] ?? "") as Order;
setClockOff(order.skewMs ?? 0);

const store = await openState(order.url, { namespace: "limits", macKeys: [Buffer.alloc(32, 7)], timeoutMs: 20_000 });
const limiter = createSharedRateLimiter({ store, rules: { calls: order.rule } });

/** Takes until `takes` are done; says at once what passed, since it may be killed at any moment. */
async function work(remaining: { takes: number }, report: { allowed: number; refused: number; degraded: number }) {
  while (remaining.takes-- > 0) {
    const decision = await limiter.take("principal", "calls");
    if (decision.degraded) report.degraded++;
    if (decision.ok && order.log !== undefined) appendFileSync(order.log, "1");
    if (decision.ok) report.allowed++;
    else report.refused++;
  }
}

process.once("message", async () => {
  const report = { allowed: 0, refused: 0, degraded: 0, now: Date.now() };
  const remaining = { takes: order.takes };
  await Promise.all(Array.from({ length: order.concurrency }, () => work(remaining, report)));
  await store.close();
  process.send?.(report satisfies Report, undefined, undefined, () => process.disconnect());
});
process.send?.("ready");

function setClockOff(ms: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    static override now(): number {
      return Real.now() + ms;
    }
    constructor(...args: [] | [number]) {
      super(args[0] ?? Real.now() + ms);
    }
  } as DateConstructor;
}
