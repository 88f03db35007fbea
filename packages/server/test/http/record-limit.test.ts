import { describe, expect, it } from "vitest";
import { createRecordLimit, RECORD_LIMITS } from "../../src/http/record-limit.ts";

const limits = { ...RECORD_LIMITS, perAddress: 2, inAll: 5, keptForFirst: 1, maxAddresses: 3 };

describe("the bound of records", () => {
  it("lets the first ones of an address through, and counts the others", () => {
    const limit = createRecordLimit(limits);
    expect(["", "", "", ""].map(() => limit.take("192.0.2.1"))).toEqual([0, 0, undefined, undefined]);
    expect(limit.take("192.0.2.2")).toBe(0);
    expect(limit.drain()).toEqual({ suppressed: 2, addresses: 1 });
  });

  it("tells the next record of the same address how many there were, once", () => {
    let now = 0;
    const limit = createRecordLimit(limits, () => now);
    for (let at = 0; at < 9; at++) limit.take("192.0.2.1");
    now += 60_000;
    expect(limit.take("192.0.2.2")).toBe(0);
    expect([limit.take("192.0.2.1"), limit.take("192.0.2.1")]).toEqual([7, 0]);
    expect(limit.drain().suppressed).toBe(0);
  });

  it("lets an address through again at its rate, however it went on in between", () => {
    let now = 0;
    const limit = createRecordLimit(limits, () => now);
    let written = 0;
    for (; now < 600_000; now += 100) if (limit.take("192.0.2.1") !== undefined) written++;
    expect(written).toBeGreaterThanOrEqual(20);
    expect(written).toBeLessThanOrEqual(22);
  });

  it("takes all addresses together to the bound of all", () => {
    const limit = createRecordLimit(limits);
    const taken = Array.from({ length: 20 }, (_, at) => limit.take(`192.0.2.${at}`));
    expect(taken.filter((one) => one === 0)).toHaveLength(5);
    expect(limit.drain().suppressed).toBe(15);
  });

  it("keeps room for whoever has no record yet, however many records others ask for", () => {
    const limit = createRecordLimit({ ...limits, perAddress: 100, keptForFirst: 2 });
    for (let at = 0; at < 100; at++) limit.take("192.0.2.1");
    // One of the two is the flood's own, which is first as well.
    expect([limit.take("192.0.2.2"), limit.take("192.0.2.2"), limit.take("192.0.2.3")]).toEqual([
      0,
      undefined,
      undefined,
    ]);
    expect(limit.drain()).toEqual({ suppressed: 98, addresses: 3 });
  });

  it("remembers no more addresses than it may, and loses no count", () => {
    const limit = createRecordLimit(limits);
    for (let at = 0; at < 10_005; at++) limit.take(`10.0.${at >> 8}.${at & 255}`);
    expect(limit.drain()).toEqual({ suppressed: 10_000, addresses: 3 });
    expect(limit.drain()).toEqual({ suppressed: 0, addresses: 0 });
  });

  it("takes a /64 of IPv6 to be one sender", () => {
    const limit = createRecordLimit(limits);
    const taken = Array.from({ length: 5 }, (_, at) => limit.take(`2001:db8::${at}`));
    expect(taken.filter((one) => one === 0)).toHaveLength(2);
  });
});
