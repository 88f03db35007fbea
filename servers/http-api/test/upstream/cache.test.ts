import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startApi, type TestApi } from "./support/api.ts";
import {
  type Asked,
  ask,
  failure,
  type OpenedUpstream,
  open,
  principal,
  secrets,
  send,
  textOf,
} from "./support/upstream.ts";

let api: TestApi;
let upstream: OpenedUpstream;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  api = await startApi();
  upstream = open(api.url);
});
afterEach(async () => {
  vi.useRealTimers();
  await upstream.close();
  await api[Symbol.asyncDispose]();
});

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const date = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

/** Answers with the number of the request. */
function counting(headers: Record<string, string>, status = 200): void {
  api.handle = (_, response, at) => response.writeHead(status, headers).end(`answer ${at}`);
}

const get = async (path = "/", asked?: Asked) => (await ask(upstream, `${api.url}${path}`, asked))[1];

/** Whether the second of two requests is answered from the cache. */
async function isKept(asked: Asked = {}, again: Asked = asked): Promise<boolean> {
  await get("/", asked);
  const answer = await send(upstream, `${api.url}/`, again);
  await textOf(answer);
  expect(answer.fromCache).toBe(api.seen.length === 1);
  return answer.fromCache;
}

describe("an answer is kept", () => {
  it.each<[string, () => Record<string, string>]>([
    ["for max-age", () => ({ "cache-control": "max-age=60" })],
    [
      "for max-age, also of private answers: each caller has a cache of its own",
      () => ({ "cache-control": "private, max-age=60" }),
    ],
    ["until it expires", () => ({ date: date(0), expires: date(60) })],
    ["by max-age, whatever Expires says", () => ({ "cache-control": "max-age=60", expires: date(-60) })],
    ["by a directive in capitals", () => ({ "cache-control": "Max-Age=60" })],
  ])("%s", async (_, headers) => {
    counting(headers());
    expect(await isKept()).toBe(true);
    pass(61);
    expect(await get()).toBe("answer 2");
  });

  it("with its age, and as old as it was when it came", async () => {
    counting({ "cache-control": "max-age=60", age: "50" });
    await get();
    pass(5);
    const answer = await send(upstream, `${api.url}/`);
    expect([answer.fromCache, answer.status, answer.headers["age"]]).toEqual([true, 200, "55"]);
    expect(await textOf(answer)).toBe("answer 1");
    pass(6);
    expect(await get()).toBe("answer 2");
  });

  it("by the headers that Vary names", async () => {
    counting({ "cache-control": "max-age=60", vary: "accept-language" });
    const [de, en] = [{ headers: { "accept-language": "de" } }, { headers: { "accept-language": "en" } }];
    const answers = [await get("/", de), await get("/", en), await get("/", de), await get("/", en)];
    expect(answers).toEqual(["answer 1", "answer 2", "answer 1", "answer 2"]);
  });

  it("apart for HEAD and GET, for each query, and for each path", async () => {
    counting({ "cache-control": "max-age=60" });
    for (const path of ["/a", "/b", "/a?x=1", "/a?x=2"]) await get(path);
    await get("/a", { method: "HEAD" });
    expect(api.seen).toHaveLength(5);
    expect(await get("/a?x=1")).toBe("answer 3");
  });

  it("and cannot be changed by who was given it", async () => {
    counting({ "cache-control": "max-age=60" });
    for (let time = 0; time < 3; time++) {
      const answer = await send(upstream, `${api.url}/`);
      for await (const part of answer.body) {
        expect(Buffer.from(part).toString()).toBe("answer 1");
        part.fill(0);
      }
    }
  });
});

describe("an answer is not kept", () => {
  it.each<[string, Record<string, string>]>([
    ["that says nothing of it", {}],
    // RFC 9111, section 4.2.2, lets a cache guess; ours does not.
    ["that has only been unchanged for long", { "last-modified": "Mon, 01 Jan 2001 00:00:00 GMT" }],
    ["that has only a validator", { etag: '"1"' }],
    ["with no-store", { "cache-control": "max-age=60, no-store" }],
    // http-cache-semantics 4.3.0 takes this for a directive that it does not know.
    ["with NO-STORE in capitals", { "cache-control": "max-age=60, No-Store" }],
    ["that was good for no time", { "cache-control": "max-age=0" }],
    ["that has expired", { expires: "0" }],
    ["that is immutable, for how long it does not say", { "cache-control": "immutable" }],
    ["that is for shared caches", { "cache-control": "s-maxage=60" }],
    ["that varies by everything", { "cache-control": "max-age=60", vary: "*" }],
    ["that varies by everything and more", { "cache-control": "max-age=60", vary: "accept, *" }],
    ["that may be stale while it is asked about", { "cache-control": "max-age=0, stale-while-revalidate=60" }],
    ["older than its age allows", { "cache-control": "max-age=60", age: "60" }],
  ])("%s", async (_, headers) => {
    counting(headers);
    expect(await isKept()).toBe(false);
    expect(Object.keys(api.seen[1]?.headers ?? {}).filter((name) => name.startsWith("if-"))).toEqual([]);
  });

  it.each([206, 400, 403, 500, 503])("of status %i", async (status) => {
    counting({ "cache-control": "max-age=60" }, status);
    expect([await isKept(), api.seen.length >= 2]).toEqual([false, true]);
  });

  it.each<[string, Asked]>([
    ["a write", { method: "POST" }],
    ["a part", { headers: { range: "bytes=0-1" } }],
    ["a question with a condition of its own", { headers: { "if-none-match": '"1"' } }],
    ["a question that must not be kept", { headers: { "cache-control": "no-store" } }],
  ])("to %s", async (_, asked) => {
    counting({ "cache-control": "max-age=60", etag: '"2"' });
    expect(await isKept(asked)).toBe(false);
  });

  it("that was not read to its end, or broke off", async () => {
    counting({ "cache-control": "max-age=60" });
    await (await send(upstream, `${api.url}/`)).discard();
    for await (const _ of (await send(upstream, `${api.url}/`)).body) break;
    api.handle = (_, response) => {
      response.writeHead(200, { "cache-control": "max-age=60", "content-length": "10" }).write("half!");
      setImmediate(() => response.destroy());
    };
    await failure(get());
    counting({ "cache-control": "max-age=60" });
    expect(await get()).toBe("answer 4");
  });

  it("that came from another URL than was asked", async () => {
    await using following = open(api.url, { upstream: { redirects: "same_origin" } });
    api.handle = ({ url }, response, at) =>
      url === "/a"
        ? response.writeHead(302, { location: "/b" }).end()
        : response.writeHead(200, { "cache-control": "max-age=60" }).end(`answer ${at}`);
    expect((await ask(following, `${api.url}/a`))[1]).toBe("answer 2");
    expect((await ask(following, `${api.url}/a`))[1]).toBe("answer 4");
  });

  it("where the cache is off", async () => {
    counting({ "cache-control": "max-age=60" });
    await using off = open(api.url, { upstream: { cache: { enabled: false } } });
    for (let time = 0; time < 2; time++) await ask(off, `${api.url}/`);
    expect(api.seen).toHaveLength(2);
  });
});

describe("an answer that was good", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["its tag", { etag: 'W/"v1"' }, "if-none-match", 'W/"v1"'],
    [
      "its date",
      { "last-modified": "Mon, 01 Jan 2001 00:00:00 GMT" },
      "if-modified-since",
      "Mon, 01 Jan 2001 00:00:00 GMT",
    ],
  ])("is asked about by %s, and given again when it has not changed", async (_, validator, name, value) => {
    api.handle = ({ headers }, response, at) =>
      headers[name] === value
        ? response.writeHead(304, { "cache-control": "max-age=60", ...validator }).end()
        : response.writeHead(200, { "cache-control": "max-age=10", ...validator }).end(`answer ${at}`);
    await get();
    pass(11);
    const answer = await send(upstream, `${api.url}/`);
    expect([answer.status, answer.fromCache, await textOf(answer), api.seen.length]).toEqual([
      200,
      true,
      "answer 1",
      2,
    ]);
    // For as long as the 304 says.
    pass(59);
    expect([await get(), api.seen.length]).toEqual(["answer 1", 2]);
    pass(2);
    expect([await get(), api.seen.length]).toEqual(["answer 1", 3]);
  });

  it.each(["no-cache", "max-age=60, must-revalidate", "NO-CACHE"])(
    "is asked about each time with %s",
    async (control) => {
      api.handle = ({ headers }, response, at) =>
        headers["if-none-match"] === '"v1"'
          ? response.writeHead(304, { etag: '"v1"' }).end()
          : response.writeHead(200, { "cache-control": control, etag: '"v1"' }).end(`answer ${at}`);
      expect([await get(), await get(), await get(), api.seen.length]).toEqual(["answer 1", "answer 1", "answer 1", 3]);
    },
  );

  it("gives way to what changed", async () => {
    api.handle = (_, response, at) =>
      response.writeHead(200, { "cache-control": "max-age=10", etag: `"v${at}"` }).end(`answer ${at}`);
    await get();
    pass(11);
    expect([await get(), await get(), api.seen.length]).toEqual(["answer 2", "answer 2", 2]);
  });

  it("is never given for an upstream that fails", async () => {
    counting({ "cache-control": "max-age=10, stale-if-error=600", etag: '"v1"' });
    await get();
    pass(11);
    api.handle = (_, response) => response.writeHead(500).end();
    expect((await send(upstream, `${api.url}/`)).status).toBe(500);
  });

  it("is not given for a 304 that speaks of another", async () => {
    api.handle = ({ headers }, response, at) =>
      headers["if-none-match"] === undefined
        ? response.writeHead(200, { "cache-control": "max-age=10", etag: '"v1"' }).end(`answer ${at}`)
        : response.writeHead(304, { etag: '"v2"' }).end();
    await get();
    pass(11);
    expect((await failure(get())).code).toBe("broken");
    expect(await get()).toBe("answer 3");
  });
});

describe("an answer to one caller is never given to another", () => {
  const alice = principal("alice", { tenant: "acme", client: "app" });
  it.each([
    ["another subject", principal("bob", { tenant: "acme", client: "app" })],
    ["the same name in another tenant", principal("alice", { tenant: "globex", client: "app" })],
    ["the same name in no tenant", principal("alice", { client: "app" })],
    [
      "the same name of another issuer",
      principal("alice", { tenant: "acme", client: "app", issuer: "https://other.example" }),
    ],
    ["another client of the same person", principal("alice", { tenant: "acme", client: "other" })],
    ["a name that looks like two parts", principal('alice","acme', { client: "app" })],
  ])("not to %s, also with one credential for all", async (_, other) => {
    using files = secrets();
    await using one = open(api.url, { credential: { type: "bearer", token: { file: files.write("t", "same") } } });
    api.handle = (_request, response, at) =>
      response.writeHead(200, { "cache-control": "public, max-age=60" }).end(`answer ${at}`);
    for (const [who, expected] of [
      [alice, "answer 1"],
      [other, "answer 2"],
      [alice, "answer 1"],
      [other, "answer 2"],
    ] as const) {
      expect((await ask(one, `${api.url}/`, { principal: who }))[1]).toBe(expected);
    }
  });

  it("nor with a tag by which the other could find out", async () => {
    counting({ "cache-control": "max-age=0", etag: '"of-alice"' });
    api.handle = (_, response) => response.writeHead(200, { "cache-control": "no-cache", etag: '"of-alice"' }).end("a");
    await get("/", { principal: alice });
    await get("/", { principal: principal("bob") });
    expect(api.seen.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, undefined]);
  });
});

describe("a write", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"] as const)(
    "by %s ends what was kept of its path, for everybody",
    async (method) => {
      counting({ "cache-control": "max-age=60" });
      const bob = { principal: principal("bob") };
      const readAll = async () => [await get("/a"), await get("/a?x=1"), await get("/a", bob), await get("/b")];
      await readAll();
      await get("/a?y=1", { method });
      expect(await readAll()).toEqual(["answer 6", "answer 7", "answer 8", "answer 4"]);
    },
  );

  it("ends it also where it failed: it may have acted", async () => {
    counting({ "cache-control": "max-age=60" });
    await get("/a");
    const { handle } = api;
    api.handle = (_, response) => response.destroy();
    await failure(get("/a", { method: "POST" }));
    api.handle = handle;
    expect(await get("/a")).toBe("answer 3");
  });

  it("keeps out what was read before it and came after it", async () => {
    const old = Promise.withResolvers<void>();
    api.handle = async ({ method }, response, at) => {
      if (method === "GET" && at === 1) await old.promise;
      response.writeHead(200, { "cache-control": "max-age=60" }).end(`answer ${at}`);
    };
    const reading = get("/a");
    await vi.waitFor(() => expect(api.seen).toHaveLength(1));
    await get("/a", { method: "PUT" });
    old.resolve();
    expect(await reading).toBe("answer 1");
    expect(await get("/a")).toBe("answer 3");
  });
});

describe("what is kept", () => {
  it("stays within its bytes; what was not used for the longest goes first", async () => {
    await using small = open(api.url, { upstream: { cache: { maxBytes: 40_000 } } });
    api.handle = (_, response) => response.writeHead(200, { "cache-control": "max-age=60" }).end("x".repeat(10_000));
    const isHit = async (path: string) => {
      const answer = await send(small, `${api.url}${path}`);
      await textOf(answer);
      return answer.fromCache;
    };
    for (const path of ["/1", "/2", "/3", "/1", "/4"]) await isHit(path);
    const hits: boolean[] = [];
    for (const path of ["/1", "/3", "/4"]) hits.push(await isHit(path));
    expect([hits, await isHit("/2")]).toEqual([[true, true, true], false]);
  });

  it("is nothing that is larger than all of it, and is given unchanged otherwise", async () => {
    await using small = open(api.url, { upstream: { cache: { maxBytes: 200_000 } } });
    const digest = (text: string) => createHash("sha256").update(text).digest("hex");
    const large = "0123456789".repeat(30_000);
    for (const [body, expected] of [
      [large, false],
      [large.slice(0, 150_000), true],
    ] as const) {
      api.handle = (_, response) => response.writeHead(200, { "cache-control": "max-age=60" }).end(body);
      const path = `/${body.length}`;
      await ask(small, `${api.url}${path}`);
      const answer = await send(small, `${api.url}${path}`);
      expect([answer.fromCache, digest(await textOf(answer))]).toEqual([expected, digest(body)]);
    }
  });

  it("costs no place and no share of the minute", async () => {
    await using one = open(api.url, { upstream: { concurrency: 1, queue: 0, callsPerMinute: 2 } });
    counting({ "cache-control": "max-age=60" });
    await ask(one, `${api.url}/`);
    api.handle = (_, response) => response.write("begun");
    const holding = await send(one, `${api.url}/other`);
    for (let time = 0; time < 5; time++) expect((await ask(one, `${api.url}/`))[1]).toBe("answer 1");
    await holding.discard();
  });
});
