import { createRevocations } from "@hardened-mcp/auth";
import { createSwitches } from "@hardened-mcp/policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../../../state/test/support/test-server.ts";
import { type CallAnswer, type Cluster, type ClusterOptions, type Replica, startCluster } from "./start.ts";

const HOUR_MS = 3_600_000;
const BY = { who: "olga", why: "incident 7" };

const times = <T>(count: number, act: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => act(at));
const tally = (answers: readonly CallAnswer[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(answers.map(({ code }) => code))]
      .sort()
      .map((code) => [code, answers.filter((one) => one.code === code).length]),
  );

/** Calls spread over both replicas, all at once. */
const spread = (replicas: readonly [Replica, Replica], count: number, who: string, tool: "look" | "change" = "look") =>
  Promise.all(times(count, (at) => replicas[at % 2 === 0 ? 0 : 1].call(who, tool)));

/** What two replicas that share a store promise together, whatever the store. */
export function replicas(name: string, launch: () => Promise<TestServer>): void {
  describe(`two replicas over ${name}`, () => {
    let store: TestServer;
    beforeAll(async () => {
      store = await launch();
    });
    afterAll(() => store.stop());

    const cluster = (callers: ClusterOptions["callers"], more: Partial<ClusterOptions> = {}): Promise<Cluster> =>
      startCluster({ url: store.url, callers, ...more });

    it("share a limit exactly, also with a clock that is an hour wrong, and a daily budget", async () => {
      const people = { alice: { subject: "alice" }, bob: { subject: "bob" } };
      await using even = await cluster(people, { limits: { callsPerMinute: 50, concurrency: 512 }, skewMs: HOUR_MS });
      const answers = await spread(even.replicas, 200, "alice");
      expect(tally(answers)).toEqual({ ok: 50, rate_limited: 150 });
      for (const refused of answers.filter(({ code }) => code !== "ok")) {
        // An answer of the tool, and so 200; the header is for proxies and clients that look no further.
        expect(refused).toMatchObject({ status: 200, retryable: true });
        expect(Number(refused.retryAfter)).toBeGreaterThan(0);
        expect(Number(refused.retryAfter)).toBeLessThanOrEqual(60);
        expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
      }
      // Another caller has a budget of its own; and one of the clocks was really wrong.
      const [right, wrong] = await spread(even.replicas, 2, "bob");
      expect((wrong?.at ?? 0) - (right?.at ?? 0)).toBeGreaterThan(HOUR_MS / 2);

      await using daily = await cluster(people, { limits: { costPerDay: 30, callsPerMinute: 30 } });
      const spent = [
        ...(await spread(daily.replicas, 20, "alice")),
        ...(await spread(daily.replicas, 20, "alice", "change")),
      ];
      expect(tally(spent)).toEqual({ ok: 30, rate_limited: 10 });
      const [refused] = spent.filter(({ code }) => code === "rate_limited");
      expect(Number(refused?.retryAfter)).toBeGreaterThan(60);
    });

    it("stay exact when one of them is killed in the middle", async () => {
      await using both = await cluster({ alice: { subject: "alice" } }, { limits: { callsPerMinute: 40 } });
      const [first, second] = both.replicas;
      const counted = await spread(both.replicas, 20, "alice");
      await second.kill();
      await expect(second.call("alice", "look")).rejects.toThrow();
      const rest = await Promise.all(times(60, () => first.call("alice", "look")));
      expect(tally([...counted, ...rest])).toEqual({ ok: 40, rate_limited: 40 });
      const again = await both.start();
      expect(tally([await again.call("alice", "look")])).toEqual({ rate_limited: 1 });
    });

    it.each([HOUR_MS, -HOUR_MS])(
      "see a switch and a revocation with the next call, with a clock off by %i ms",
      async (skewMs) => {
        const people = {
          alice: { subject: "alice" },
          bob: { subject: "bob", client: "editor" },
          carol: { subject: "carol" },
        };
        await using both = await cluster(people, { skewMs });
        const each = async (who: string, tool: "look" | "change" = "look") =>
          Promise.all(both.replicas.map(async (one) => (await one.call(who, tool)).code));
        // The operator's clock is right; or the operator sits at the replica whose clock is not.
        const now = () => Date.now() + skewMs;
        for (const switches of [
          createSwitches({ store: both.operator }),
          createSwitches({ store: both.operator, now }),
        ]) {
          expect(await each("bob")).toEqual(["ok", "ok"]);
          const readOnly = { kind: "read-only" } as const;
          const subject = { kind: "subject", issuer: "key", subject: "bob" } as const;
          await switches.set(subject, BY);
          expect(await each("bob")).toEqual(["not_found", "not_found"]);
          expect(await each("alice")).toEqual(["ok", "ok"]);
          await switches.set(readOnly, BY);
          expect(await each("alice", "change")).toEqual(["denied", "denied"]);
          await switches.clear(subject);
          await switches.clear(readOnly);
          expect(await each("bob", "change")).toEqual(["ok", "ok"]);
        }
        for (const replica of both.replicas) {
          const seen = replica.records().filter(({ type }) => type === "switch.changed");
          expect(seen.map(({ detail }) => `${detail?.["switch"]} ${detail?.["is"]}`).toSorted()).toEqual(
            ["read-only off", "read-only on", "subject off", "subject on"].flatMap((one) => [one, one]),
          );
        }
        const target = { kind: "token", issuer: "key", jti: "carol" } as const;
        expect(await each("carol")).toEqual(["ok", "ok"]);
        await createRevocations(both.operator, { now }).revoke({ target, by: "olga", why: "lost" });
        const refused = await Promise.all(both.replicas.map((one) => one.call("carol", "look")));
        expect(refused.map(({ status }) => status)).toEqual([401, 401]);
        expect(await each("alice")).toEqual(["ok", "ok"]);
      },
    );

    it("keep tenants, and issuers, apart: one's budget and switches are nothing to the other", async () => {
      const people = {
        "acme-alice": { subject: "alice", tenant: "acme" },
        "globex-alice": { subject: "alice", tenant: "globex" },
        "alice-of-none": { subject: "alice" },
        "alice-in-disguise": { subject: 'alice","acme' },
        "acme-bob": { subject: "bob", tenant: "acme" },
      };
      await using both = await cluster(people, { limits: { callsPerMinute: 10 } });
      for (const who of Object.keys(people)) {
        expect([who, tally(await spread(both.replicas, 16, who))]).toEqual([who, { ok: 10, rate_limited: 6 }]);
      }
      await using switched = await cluster(people);
      const switches = createSwitches({ store: switched.operator });
      await switches.set({ kind: "subject", issuer: "https://idp.globex.example", subject: "bob" }, BY);
      expect(tally(await spread(switched.replicas, 2, "acme-bob"))).toEqual({ ok: 2 });
      await switches.set({ kind: "subject", issuer: "key", subject: "bob" }, BY);
      expect(tally(await spread(switched.replicas, 2, "acme-bob"))).toEqual({ not_found: 2 });
      expect(tally(await spread(switched.replicas, 2, "globex-alice"))).toEqual({ ok: 2 });
    });

    it("refuse writes and go on reading, within a local limit, while the store is away; and write again after it", async () => {
      await using both = await cluster(
        { alice: { subject: "alice" }, bob: { subject: "bob" } },
        { limits: { callsPerMinute: 20 }, timeoutMs: 2_000 },
      );
      const [first] = both.replicas;
      expect(tally(await spread(both.replicas, 2, "alice", "change"))).toEqual({ ok: 2 });
      const started = first.records().length;
      await store.kill();
      try {
        const writes = await spread(both.replicas, 4, "alice", "change");
        expect(tally(writes)).toEqual({ unavailable: 4 });
        for (const one of writes) expect(one.retryable).toBe(true);
        expect(tally(await spread(both.replicas, 6, "alice"))).toEqual({ ok: 6 });
        // Each replica allows a limit of its own; a loop is stopped all the same.
        const loop = await Promise.all(times(60, () => first.call("bob", "look")));
        expect(tally(loop)).toEqual({ ok: 20, rate_limited: 40 });
        const during = first.records().slice(started);
        expect(during.filter(({ type }) => type === "state.changed").map(({ detail }) => detail)).toContainEqual({
          part: "store",
          available: false,
        });
        expect(
          during.filter(({ type, decision }) => type === "call.refused" && decision?.code === "unavailable"),
        ).toHaveLength(2);
      } finally {
        await store.restart();
      }
      for (const one of both.replicas) {
        await expect
          .poll(async () => (await one.call("alice", "change")).code, { timeout: 15_000, interval: 250 })
          .toBe("ok");
        expect(
          one
            .records()
            .filter(({ type }) => type === "state.changed")
            .map(({ detail }) => detail),
        ).toContainEqual({
          part: "store",
          available: true,
        });
      }
    });
  });
}
