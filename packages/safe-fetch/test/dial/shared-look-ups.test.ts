import { describe, expect, it } from "vitest";
import { quarterOfPool } from "../../src/dial/look-up.ts";
import { sharedLookUps } from "../../src/dial/shared-look-ups.ts";
import { SafeFetchError } from "../../src/safe-fetch-error.ts";

/** A resolver that answers when the test says so. */
function resolver() {
  const asked: string[] = [];
  const open = new Map<string, PromiseWithResolvers<readonly string[]>>();
  return {
    asked,
    ask(host: string) {
      asked.push(host);
      const answer = Promise.withResolvers<readonly string[]>();
      open.set(host, answer);
      return answer.promise;
    },
    async answer(host: string, ...addresses: readonly string[]) {
      open.get(host)?.resolve(addresses);
      // What follows from it happens in promises only.
      await new Promise(setImmediate);
    },
    async fail(host: string) {
      open.get(host)?.reject(new SafeFetchError("unreachable"));
      await new Promise(setImmediate);
    },
  };
}

const patient = new AbortController().signal;
const givenUp = () => {
  const controller = new AbortController();
  return { signal: controller.signal, now: () => controller.abort(new SafeFetchError("timeout")) };
};

describe("look-ups by the system", () => {
  it("run as many at once as they may, the others in their order", async () => {
    const { ask, answer, fail, asked } = resolver();
    const lookUp = sharedLookUps(ask, 2);
    const found = ["a", "b", "c", "d"].map((host) => lookUp(host, patient));
    expect(asked).toEqual(["a", "b"]);
    await answer("b", "192.0.2.2");
    expect(asked).toEqual(["a", "b", "c"]);
    const refused = expect(found[0]).rejects.toMatchObject({ code: "unreachable" });
    await fail("a");
    await refused;
    expect(asked).toEqual(["a", "b", "c", "d"]);
    await answer("d", "192.0.2.4");
    await answer("c", "192.0.2.3");
    expect(await Promise.all(found.slice(1))).toEqual([["192.0.2.2"], ["192.0.2.3"], ["192.0.2.4"]]);
  });

  it("are one for all who ask for a name meanwhile, and anew for who comes later", async () => {
    const { ask, answer, asked } = resolver();
    const lookUp = sharedLookUps(ask, 1);
    const [first, second] = [lookUp("a", patient), lookUp("a", patient)];
    await answer("a", "192.0.2.1");
    expect([await first, await second, asked]).toEqual([["192.0.2.1"], ["192.0.2.1"], ["a"]]);
    const third = lookUp("a", patient);
    await answer("a", "192.0.2.9");
    expect([await third, asked]).toEqual([["192.0.2.9"], ["a", "a"]]);
  });

  it("do not begin for who has given up: names that nobody answers do not queue up", async () => {
    const { ask, answer, asked } = resolver();
    const lookUp = sharedLookUps(ask, 1);
    const { signal, now } = givenUp();
    const dead = Array.from({ length: 100 }, (_, at) => lookUp(`dead-${at}`, signal));
    const shared = lookUp("dead-50", patient);
    const live = lookUp("live", patient);
    const outcomes = Promise.allSettled(dead);
    now();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "timeout" } });
    // The one that has begun holds its place; nobody can call it off.
    expect(asked).toEqual(["dead-0"]);
    await answer("dead-0", "192.0.2.1");
    expect(asked).toEqual(["dead-0", "dead-50"]);
    await answer("dead-50", "192.0.2.2");
    expect(await shared).toEqual(["192.0.2.2"]);
    await answer("live", "192.0.2.3");
    expect([await live, asked]).toEqual([["192.0.2.3"], ["dead-0", "dead-50", "live"]]);
  });

  it("that were given up serve who asks again before they end", async () => {
    const { ask, answer, asked } = resolver();
    const lookUp = sharedLookUps(ask, 1);
    const { signal, now } = givenUp();
    const first = expect(lookUp("slow", signal)).rejects.toMatchObject({ code: "timeout" });
    now();
    await first;
    const again = lookUp("slow", patient);
    await answer("slow", "192.0.2.1");
    expect([await again, asked]).toEqual([["192.0.2.1"], ["slow"]]);
  });

  it("of two clients do not wait for each other", async () => {
    const { ask, answer } = resolver();
    const [one, other] = [sharedLookUps(ask, 1), sharedLookUps(ask, 1)];
    const silent = one("silent", patient);
    const live = other("live", patient);
    await answer("live", "192.0.2.1");
    expect(await live).toEqual(["192.0.2.1"]);
    await answer("silent");
    expect(await silent).toEqual([]);
  });

  it("are not asked for who comes with nothing left to wait for", async () => {
    const { ask, asked } = resolver();
    const { signal, now } = givenUp();
    now();
    await expect(sharedLookUps(ask, 1)("a", signal)).rejects.toMatchObject({ code: "timeout" });
    expect(asked).toEqual([]);
  });

  it.each([
    [undefined, 1],
    ["4", 1],
    ["7", 1],
    ["8", 2],
    ["128", 32],
    ["5000", 256],
    ["1", 1],
    ["0", 1],
    ["-8", 1],
    ["many", 1],
  ])("leave most of a pool of %s to others: %d", (size, most) => {
    expect(quarterOfPool(size)).toBe(most);
  });
});
