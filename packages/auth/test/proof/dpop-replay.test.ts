import { memoryStore, StateError, type StateStore } from "@hardened-mcp/state";
import { describe, expect, test } from "vitest";
import { createDpopVerifier, type DpopOptions, type DpopVerifier } from "../../src/proof/dpop.ts";
import { createDpopClient, RESOURCE, seconds, TOKEN } from "./proof-maker.ts";

const alice = await createDpopClient();
const REPLAYED = { name: "TokenError", code: "dpop-replayed" };

async function send(to: DpopVerifier, proof: string, htu = RESOURCE) {
  return await to.verify({ proofs: [proof], method: "POST", htu, accessToken: TOKEN, boundTo: alice.jkt });
}

/** How many of 100 requests at once, spread over `verifiers`, got in. */
async function race(verifiers: readonly DpopVerifier[], proof: string): Promise<number> {
  const racers = Array.from({ length: 100 }, (_, i) => send(verifiers[i % verifiers.length] ?? verifiers[0]!, proof));
  const outcomes = await Promise.allSettled(racers);
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

/** A store that can be switched off, and then fails as a driver does whose server is gone. */
function failing(store: StateStore = memoryStore()) {
  const state = { isAway: false, code: "unavailable" as "unavailable" | "tampered", asked: 0 };
  const wrapped: StateStore = {
    ...store,
    async putIfAbsent(...args) {
      state.asked++;
      if (state.isAway) throw new StateError(state.code, "gone");
      return await store.putIfAbsent(...args);
    },
  };
  return { state, store: wrapped };
}

function verifier(options: Partial<DpopOptions> = {}) {
  return createDpopVerifier({ state: memoryStore(), ...options });
}

describe("a proof that was used is refused", () => {
  test("by the process that took it", async () => {
    const dpop = verifier();
    const proof = await alice.prove();
    await send(dpop, proof);
    await expect(send(dpop, proof)).rejects.toMatchObject(REPLAYED);
  });

  test("by another replica", async () => {
    const state = memoryStore();
    const proof = await alice.prove();
    await send(verifier({ state }), proof);
    await expect(send(verifier({ state }), proof)).rejects.toMatchObject(REPLAYED);
  });

  test("when its jti comes again in a newer proof", async () => {
    const dpop = verifier();
    await send(dpop, await alice.prove({ jti: "same" }));
    await expect(send(dpop, await alice.prove({ jti: "same", iat: seconds() - 1 }))).rejects.toMatchObject(REPLAYED);
  });

  test("when only its query differs", async () => {
    const dpop = verifier();
    await send(dpop, await alice.prove({ jti: "same", htu: `${RESOURCE}?a` }));
    await expect(send(dpop, await alice.prove({ jti: "same", htu: `${RESOURCE}?b` }))).rejects.toMatchObject(REPLAYED);
  });

  test("until its time is over, by replicas whose clocks lag", async () => {
    const start = Math.ceil(Date.now() / 1000) * 1000;
    let time = start;
    const state = memoryStore({ now: () => time });
    const lagging = () => verifier({ state, now: () => time - 5_000 });
    const proof = await alice.prove({ iat: start / 1000 + 5 });
    await send(verifier({ state, now: () => time }), proof);
    for (const lateMs of [5_000, 30_000, 60_000, 75_000, 75_999]) {
      time = start + lateMs;
      await expect(send(lagging(), proof)).rejects.toMatchObject(REPLAYED);
    }
    time = start + 76_000;
    await expect(send(lagging(), proof)).rejects.toMatchObject({ code: "dpop-time" });
  });
});

describe("of 100 requests at once with one proof, one gets in", () => {
  test("in one process", async () => {
    expect(await race([verifier()], await alice.prove())).toBe(1);
  });

  test("on two replicas", async () => {
    const state = memoryStore();
    expect(await race([verifier({ state }), verifier({ state })], await alice.prove())).toBe(1);
  });

  test("with the store away", async () => {
    const { state, store } = failing();
    state.isAway = true;
    expect(await race([verifier({ state: store })], await alice.prove())).toBe(1);
  });
});

describe("nobody can use up another's jti", () => {
  test("with a key of their own", async () => {
    const mallory = await createDpopClient();
    const dpop = verifier();
    const theirs = await mallory.prove({ jti: "same" });
    await dpop.verify({ proofs: [theirs], method: "POST", htu: RESOURCE, accessToken: TOKEN, boundTo: mallory.jkt });
    expect(await send(dpop, await alice.prove({ jti: "same" }))).toEqual({ degraded: false });
  });

  test("with a proof that is refused", async () => {
    const dpop = verifier();
    await expect(send(dpop, await alice.prove({ jti: "same", htm: "GET" }))).rejects.toMatchObject({
      code: "dpop-method",
    });
    expect(await send(dpop, await alice.prove({ jti: "same" }))).toEqual({ degraded: false });
  });

  test("by writing the border between two parts into one", async () => {
    const dpop = verifier();
    await send(dpop, await alice.prove({ jti: `a","${RESOURCE}` }));
    expect(await send(dpop, await alice.prove({ jti: "a" }))).toEqual({ degraded: false });
  });
});

describe("with the store away", () => {
  test("a new proof gets in and the caller is told", async () => {
    const { state, store } = failing();
    state.isAway = true;
    expect(await send(verifier({ state: store }), await alice.prove())).toEqual({ degraded: true });
  });

  test("a proof that was used here before is refused", async () => {
    const { state, store } = failing();
    const dpop = verifier({ state: store });
    const proof = await alice.prove();
    await send(dpop, proof);
    state.isAway = true;
    await expect(send(dpop, proof)).rejects.toMatchObject(REPLAYED);
  });

  test("a proof that was used meanwhile stays refused when it is back", async () => {
    const { state, store } = failing();
    const dpop = verifier({ state: store });
    const proof = await alice.prove();
    state.isAway = true;
    await send(dpop, proof);
    state.isAway = false;
    await expect(send(dpop, proof)).rejects.toMatchObject(REPLAYED);
  });

  test("a flood cannot wash out the proof to be replayed: nothing more gets in", async () => {
    const { state, store } = failing();
    const dpop = verifier({ state: store, maxRemembered: 5 });
    const proof = await alice.prove();
    state.isAway = true;
    await send(dpop, proof);
    for (let i = 0; i < 4; i++) await send(dpop, await alice.prove());
    await expect(send(dpop, await alice.prove())).rejects.toMatchObject({ code: "state-away", status: 503 });
    await expect(send(dpop, proof)).rejects.toMatchObject(REPLAYED);
  });

  test("what was too much to remember is not let in once there is room again", async () => {
    const { state, store } = failing();
    let time = Date.now();
    const dpop = verifier({ state: store, maxRemembered: 1, now: () => time });
    await send(dpop, await alice.prove({ iat: Math.floor(time / 1000) }));
    time += 70_000;
    const notRemembered = await alice.prove({ iat: Math.floor(time / 1000) });
    expect(await send(dpop, notRemembered)).toEqual({ degraded: false });
    time += 10_000;
    state.isAway = true;
    await expect(send(dpop, notRemembered)).rejects.toMatchObject({ name: "TokenError", code: "state-away" });
  });

  test("there is room again once what was used has expired", async () => {
    const { state, store } = failing();
    let time = Date.now();
    const dpop = verifier({ state: store, maxRemembered: 1, now: () => time });
    state.isAway = true;
    for (let i = 0; i < 3; i++) {
      expect(await send(dpop, await alice.prove({ iat: Math.floor(time / 1000) }))).toEqual({ degraded: true });
      time += 76_000;
    }
  });

  test("a store that was tampered with lets nobody in", async () => {
    const { state, store } = failing();
    Object.assign(state, { isAway: true, code: "tampered" });
    await expect(send(verifier({ state: store }), await alice.prove())).rejects.toMatchObject({ code: "tampered" });
  });
});

test("a full memory does not matter while the store answers", async () => {
  const dpop = verifier({ maxRemembered: 1 });
  const [first, second] = [await alice.prove(), await alice.prove()];
  await send(dpop, first);
  expect(await send(dpop, second)).toEqual({ degraded: false });
  await expect(send(dpop, second)).rejects.toMatchObject(REPLAYED);
});

test("the store is told nothing of proof, key or token, and nothing for good", async () => {
  const seen: unknown[] = [];
  const store = memoryStore();
  const state: StateStore = {
    ...store,
    async putIfAbsent(...args) {
      seen.push(args);
      return await store.putIfAbsent(...args);
    },
  };
  await send(verifier({ state }), await alice.prove({ jti: "a-jti" }));
  expect(seen).toEqual([[expect.stringMatching(/^dpop:[\w-]{43}$/), "used", { ttlMs: 76_000 }]]);
});
