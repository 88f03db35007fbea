import { memoryStore } from "@hardened-mcp/state";
import { describe, expect, it } from "vitest";

import { createFailureThrottle } from "../../src/rate/failure-throttle.ts";
import { createRateLimiter } from "../../src/rate/memory-rate-limiter.ts";
import { createSharedRateLimiter } from "../../src/rate/shared/shared-rate-limiter.ts";

const RULE = { limit: 3, windowMs: 60_000 };

describe("createFailureThrottle", () => {
  it("blocks an address after its failures, and lets it try again when it said so", () => {
    const clock = { now: 0 };
    const limiter = createRateLimiter({ rules: { guess: RULE }, now: () => clock.now });
    const throttle = createFailureThrottle({ limiter, rule: "guess" });
    for (let i = 0; i < 3; i++) {
      expect(throttle.isBlocked("192.0.2.1")).toBeUndefined();
      void throttle.failed("192.0.2.1");
    }
    expect(throttle.isBlocked("192.0.2.1")).toBe(20_000);
    expect(throttle.isBlocked("192.0.2.2")).toBeUndefined();
    clock.now += 20_000;
    expect(throttle.isBlocked("192.0.2.1")).toBeUndefined();
  });

  it("never blocks who asks a thousand times and fails never", () => {
    const throttle = createFailureThrottle(RULE);
    for (let i = 0; i < 1000; i++) expect(throttle.isBlocked("192.0.2.1")).toBeUndefined();
  });

  it.each([
    ["each guess from another address of its network", (i: number) => `2001:db8::${i}`],
    ["each guess with another zone", (i: number) => `fe80::1%${i}`],
    [
      "another spelling of an IPv4 address",
      (i: number) => ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"][i] ?? "",
    ],
    ["a header that is no address", (i: number) => `junk-${i}`],
  ])("counts %s as one", (_, address) => {
    const throttle = createFailureThrottle(RULE);
    for (let i = 0; i < 3; i++) throttle.failed(address(i));
    expect(throttle.isBlocked(address(0))).toBeGreaterThan(0);
  });

  it("takes the key of an address as well as the address", () => {
    const throttle = createFailureThrottle(RULE);
    for (let i = 0; i < 3; i++) throttle.failed("2001:db8:0:0:0:0:0:0/64");
    expect(throttle.isBlocked("2001:db8::1")).toBeGreaterThan(0);
    expect(throttle.isBlocked("2001:db8:1::1")).toBeUndefined();
  });

  it("shares failures with other replicas, which know a block from their next failure on", async () => {
    const store = memoryStore();
    const [here, there] = [0, 1].map(() => {
      const limiter = createSharedRateLimiter({ store, rules: { guess: RULE } });
      return createFailureThrottle({ limiter, rule: "guess" });
    });
    for (let i = 0; i < 3; i++) await here?.failed("192.0.2.1");
    expect(here?.isBlocked("192.0.2.1")).toBeGreaterThan(59_000);
    await there?.failed("192.0.2.1");
    expect(there?.isBlocked("192.0.2.1")).toBeGreaterThan(59_000);
  });

  it.each([
    ["option", () => createFailureThrottle({ ...RULE, maxkeys: 1 } as never), /"maxKeys"/],
    [
      "rule",
      () => createFailureThrottle({ limiter: createRateLimiter({ rules: {} }), rule: "guess" as never }),
      /rule/,
    ],
    ["prefix", () => createFailureThrottle({ ...RULE, ipv6PrefixBits: 0 }), /ipv6PrefixBits/],
  ])("refuses a wrong %s at the start", (_, start, message) => {
    expect(start).toThrow(message);
  });
});
