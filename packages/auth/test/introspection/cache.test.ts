import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { json, startEndpoint } from "./endpoint.ts";

const ACTIVE = { active: true, sub: "alice" };
const INACTIVE = { active: false };

/** Says that every token is good until told otherwise. */
async function startRegistry() {
  const revoked = new Set<string | null>();
  const endpoint = await startEndpoint((form, response) => {
    const token = form.get("token");
    json(response, revoked.has(token) || token?.startsWith("bad") ? INACTIVE : { ...ACTIVE, sub: token });
  });
  return { endpoint, revoked };
}

// The clocks only: sockets and timeouts stay real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("an active token", () => {
  test("is asked about once while it is believed", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector();
    for (let i = 0; i < 50; i++) expect(await introspector.introspect("good")).toEqual({ active: true, sub: "good" });
    expect(endpoint.questions.length).toBe(1);
  });

  test("that was revoked is found out within the time it is believed", async () => {
    const { endpoint, revoked } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ cacheMs: 5_000 });
    await introspector.introspect("good");
    revoked.add("good");
    vi.advanceTimersByTime(4_900);
    expect(await introspector.introspect("good")).toBeDefined();
    vi.advanceTimersByTime(100);
    expect(await introspector.introspect("good")).toBeUndefined();
  });

  test("is not believed longer for a clock that was set back", async () => {
    const { endpoint, revoked } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ cacheMs: 5_000 });
    await introspector.introspect("good");
    revoked.add("good");
    vi.advanceTimersByTime(5_000);
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await introspector.introspect("good")).toBeUndefined();
  });

  test("is not believed beyond its end", async () => {
    const exp = Math.floor(Date.now() / 1000) + 3;
    await using endpoint = await startEndpoint((_form, response) => json(response, { ...ACTIVE, exp }));
    const introspector = endpoint.introspector();
    expect(await introspector.introspect("good")).toBeDefined();
    vi.advanceTimersByTime(3_000);
    expect(await introspector.introspect("good")).toBeUndefined();
  });

  test("is asked about each time where nothing is to be remembered", async () => {
    const { endpoint, revoked } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ cacheMs: 0 });
    expect(await introspector.introspect("good")).toBeDefined();
    revoked.add("good");
    expect(await introspector.introspect("good")).toBeUndefined();
  });

  test("is never taken for another that starts alike", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector();
    await introspector.introspect("good");
    for (const other of ["good ", "goo", "Good", "good\0"]) {
      expect(await introspector.introspect(other)).toEqual({ active: true, sub: other });
    }
  });
});

describe("a flood", () => {
  test("of one bad token is one question", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector();
    for (let i = 0; i < 200; i++) expect(await introspector.introspect("bad")).toBeUndefined();
    expect(endpoint.questions.length).toBe(1);
    vi.advanceTimersByTime(1_000);
    await introspector.introspect("bad");
    expect(endpoint.questions.length).toBe(2);
  });

  test.each(["good", "bad"])("of one %s token at once is one question", async (token) => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector();
    const answers = await Promise.all(Array.from({ length: 200 }, () => introspector.introspect(token)));
    expect(new Set(answers).size).toBe(1);
    expect(endpoint.questions.length).toBe(1);
  });

  test("of many bad tokens at once is as many questions as strangers may have under way", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ maxConcurrent: 4 });
    const flood = Array.from({ length: 200 }, (_, i) => introspector.introspect(`bad-${i}`));
    const outcomes = await Promise.allSettled(flood);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(endpoint.questions.length).toBe(3);
    expect(refused.length).toBe(197);
    expect(refused[0]).toMatchObject({ reason: { code: "introspection-busy", status: 503 } });
    // And it is over when it is over.
    expect(await introspector.introspect("good")).toBeDefined();
  });

  test("of many bad tokens at once leaves places for those that were good before, and only for them", async () => {
    const held = Promise.withResolvers<void>();
    await using endpoint = await startEndpoint(async (form, response) => {
      const token = form.get("token");
      if (token?.startsWith("bad")) await held.promise;
      json(response, token?.startsWith("bad") ? INACTIVE : { ...ACTIVE, sub: token });
    });
    const introspector = endpoint.introspector();
    const flood = Array.from({ length: 200 }, (_, at) => introspector.introspect(`bad-${at}`).catch(() => "busy"));
    await expect(introspector.introspect("stranger")).rejects.toMatchObject({ code: "introspection-busy" });
    // Eight of 32, one after the other for ever, or at once.
    const users = Array.from({ length: 8 }, (_, at) => introspector.introspect(`user-${at}`, true));
    await expect(introspector.introspect("one user too many", true)).rejects.toMatchObject({
      code: "introspection-busy",
    });
    expect((await Promise.all(users)).map((answer) => answer?.["sub"])).toEqual(users.map((_, at) => `user-${at}`));
    for (let at = 0; at < 20; at++) expect(await introspector.introspect(`later-${at}`, true)).toBeDefined();
    held.resolve();
    expect((await Promise.all(flood)).filter((outcome) => outcome === undefined)).toHaveLength(24);
    expect(await introspector.introspect("stranger")).toBeDefined();
  });

  test("of bad tokens does not push out the good ones", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ maxEntries: 1 });
    await introspector.introspect("good");
    for (let i = 0; i < 20; i++) await introspector.introspect(`bad-${i}`);
    await introspector.introspect("good");
    expect(endpoint.questions.filter(({ form }) => form.get("token") === "good").length).toBe(1);
  });

  test("of good tokens takes no more memory than it may", async () => {
    const { endpoint } = await startRegistry();
    await using _ = endpoint;
    const introspector = endpoint.introspector({ maxEntries: 2 });
    for (const token of ["one", "two", "three", "two", "three", "one"]) await introspector.introspect(token);
    expect(endpoint.questions.map(({ form }) => form.get("token"))).toEqual(["one", "two", "three", "one"]);
  });
});

test("a failure leaves nothing behind: the next question is asked, and answered", async () => {
  let isDown = true;
  await using endpoint = await startEndpoint((_form, response) => {
    if (isDown) response.writeHead(500).end();
    else json(response, ACTIVE);
  });
  const introspector = endpoint.introspector({ maxConcurrent: 1 });
  await expect(introspector.introspect("good")).rejects.toMatchObject({ code: "introspection-away" });
  isDown = false;
  expect(await introspector.introspect("good")).toEqual(ACTIVE);
});
