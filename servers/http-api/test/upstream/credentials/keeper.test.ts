import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UpstreamError } from "../../../src/model/exchange.ts";
import { createKeeper, type Keeper } from "../../../src/upstream/credentials/keeper.ts";

const { signal } = new AbortController();

let made: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  made = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function use(keeper: Keeper, key: string, lifeMs = 60_000): Promise<string> {
  const get = async () => {
    made.push(key);
    return { value: `${key}-${made.length}`, expiresAt: Date.now() + lifeMs };
  };
  return await keeper.value(key, get, signal);
}

describe("values that are kept", () => {
  it("are no more than they may be; the one that was not used for the longest goes", async () => {
    const keeper = createKeeper(3);
    for (const key of ["a", "b", "c", "a", "d"]) await use(keeper, key);
    expect(await Promise.all(["a", "c", "d"].map((key) => use(keeper, key)))).toEqual(["a-1", "c-3", "d-4"]);
    expect(await use(keeper, "b")).toBe("b-5");
  });

  it("are still hidden for a while once they are replaced, and not for ever", async () => {
    const keeper = createKeeper(2);
    for (let key = 0; key < 100; key++) await use(keeper, `k${key}`);
    const values = [...keeper.values()];
    expect(values.slice(0, 2)).toEqual(["k98-99", "k99-100"]);
    expect(values).toContain("k97-98");
    expect(values.length).toBeLessThan(50);
  });

  it("are forgotten once they have ended, when others come", async () => {
    const keeper = createKeeper(100);
    for (let key = 0; key < 50; key++) await use(keeper, `k${key}`, 1_000);
    pass(11_000);
    await use(keeper, "last");
    expect([...keeper.values()]).toEqual(["last-51"]);
  });

  it("are not forgotten for a refusal of the one before", async () => {
    const keeper = createKeeper(1);
    const old = await use(keeper, "a");
    expect(keeper.refused("a", old)).toBe(true);
    const next = await use(keeper, "a");
    for (let late = 0; late < 20; late++) expect(keeper.refused("a", old)).toBe(true);
    expect([await use(keeper, "a"), made.length]).toEqual([next, 2]);
    // The new one is refused as well: it stays for now.
    expect([keeper.refused("a", next), await use(keeper, "a")]).toEqual([false, next]);
  });

  it("do not fail for one another", async () => {
    const keeper = createKeeper(10);
    const failing = async (): Promise<never> => {
      throw new UpstreamError("credential");
    };
    await expect(keeper.value("bad", failing, signal)).rejects.toMatchObject({ code: "credential" });
    expect(() => keeper.value("bad", failing, signal)).toThrow(UpstreamError);
    expect(await use(keeper, "good")).toBe("good-1");
    pass(1_000);
    expect(await use(keeper, "bad")).toBe("bad-2");
  });
});
