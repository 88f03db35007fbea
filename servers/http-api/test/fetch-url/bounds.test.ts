import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSession } from "../../../../test/support/stdio-session.ts";
import { configSchema } from "../../src/config/schema.ts";
import { openPages, type Pages } from "../../src/fetch-url/pages.ts";
import { readPage } from "../../src/fetch-url/read-page.ts";
import { testFolder } from "../support/folder.ts";
import { CLI } from "../support/session.ts";
import { type Slow, slow } from "../support/upstreams/slow.ts";

let host: Slow;
const opened: Pages[] = [];
beforeEach(async () => {
  host = await slow();
});
afterEach(async () => {
  for (const pages of opened.splice(0)) await pages.close();
  await host[Symbol.asyncDispose]();
});

const keysFor = (keys: object) => ({
  allow: [{ host: "127.0.0.1", ports: [Number(new URL(host.origin).port)], schemes: ["http"] }],
  ...keys,
});

function reading(keys: object) {
  const pages = openPages(configSchema.parse({ fetchUrl: keysFor(keys) }).fetchUrl!, { egressProxy: undefined });
  opened.push(pages);
  const forEver = new AbortController().signal;
  return (path: string, signal = forEver) => readPage(pages, `${host.origin}${path}`, signal);
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "read",
    (error: { code?: string; rule?: string }) => `${error.code} ${error.rule}`,
  );

describe("fetch_url", () => {
  it("reads as many pages at once as it may; as many calls wait, and the rest is told to come back", async () => {
    const read = reading({ concurrency: 2, queue: 1 });
    const asked = ["/1", "/2", "/3"].map((path) => read(path));
    await host.reached(2);
    expect(await Promise.all(["/4", "/5"].map((path) => refusal(read(path))))).toEqual([
      "rate_limited page/busy",
      "rate_limited page/busy",
    ]);
    host.release();
    await Promise.all(asked.slice(0, 2));
    await host.reached(1);
    host.release();
    expect((await asked[2]!).text).toContain("/3");
    expect([host.peak(), host.requests.length]).toEqual([2, 3]);
  });

  it("gives its place back when a page cannot be read", async () => {
    const read = reading({ concurrency: 1, queue: 0 });
    for (let again = 0; again < 3; again++) {
      expect(await refusal(read("@127.0.0.2/"))).toMatch(/^(?:denied|invalid_input) page\//);
    }
    const fine = read("/fine");
    await host.reached(1);
    host.release();
    expect((await fine).text).toContain("/fine");
  });

  it("counts the wait for a place as time", async () => {
    const read = reading({ concurrency: 1, queue: 1, deadlineMs: 500 });
    const [first, second] = [refusal(read("/1")), refusal(read("/2"))];
    expect(await Promise.all([first, second])).toEqual(["timeout page/timeout", "timeout page/timeout"]);
  });

  it("leaves the queue when its caller goes", async () => {
    const patient = reading({ concurrency: 1, queue: 1 });
    const held = patient("/3");
    await host.reached(1);
    const gone = new AbortController();
    const waiting = refusal(patient("/4", gone.signal));
    gone.abort();
    expect(await waiting).toBe("cancelled page/cancelled");
    const next = patient("/5");
    host.release();
    await held;
    await host.reached(1);
    host.release();
    expect((await next).text).toContain("/5");
    expect(host.requests.map(({ target }) => target)).not.toContain("/4");
  });

  it("reads so many pages in a minute and says when to come back, through the built server", async () => {
    using folder = testFolder();
    const config = folder.write("config.json", { fetchUrl: keysFor({ callsPerMinute: 2 }) });
    await using session = await openSession([CLI, "--audit-dir", folder.audit, "--config", config]);
    const ask = (path: string) => session.call("fetch_url", { url: `${host.origin}${path}` });
    for (const path of ["/1", "/2"]) {
      const answer = ask(path);
      await host.reached(1);
      host.release();
      expect((await answer).isError).toBe(false);
    }
    const third = await ask("/3");
    expect(third.code).toBe("rate_limited");
    const { error } = third.structured as { error: { retryable: boolean; retryAfterMs: number } };
    expect(error).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(host.requests).toHaveLength(2);
  });
});
