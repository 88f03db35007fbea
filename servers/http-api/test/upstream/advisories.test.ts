import type { LookupFunction } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "./support/api.ts";
import { ask, failure, open, type Secrets, secrets, send } from "./support/upstream.ts";

let api: TestApi;
let other: TestApi;
let files: Secrets;
beforeEach(async () => {
  [api, other] = await Promise.all([startApi(), startApi(undefined, "127.0.0.2")]);
  files = secrets();
});
afterEach(async () => {
  files[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const bearer = (value: string) => ({ type: "bearer", token: { file: files.write(value, value) } }) as const;

// A server that took a URL from its caller asked it with the machine's own identity token, and so gave that away.
describe("CVE-2026-26118: a credential that is sent to an address the caller chose", () => {
  it.each([
    "http://169.254.169.254/metadata/identity/oauth2/token",
    "http://168.63.129.16/machine",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://127.0.0.2:PORT/steal",
    "http://localhost:PORT/steal",
  ])("nothing is sent to %s", async (url) => {
    await using upstream = open(api.url, { credential: bearer("token-a") });
    const asked = url.replace("PORT", String(other.port));
    expect((await failure(send(upstream, asked))).code).toBe("unreachable");
    expect([api.seen.length, other.seen.length]).toEqual([0, 0]);
  });

  it.each(["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "127.0.0.1", "10.0.0.1"])(
    "nor where the API's own name leads to %s",
    async (address) => {
      const lookup: LookupFunction = (_host, _options, callback) =>
        callback(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
      const base = `http://api.example.com:${api.port}`;
      await using upstream = open(base, { credential: bearer("token-a") }, { lookup });
      expect((await failure(send(upstream, `${base}/`))).code).toBe("unreachable");
      expect(api.seen).toHaveLength(0);
    },
  );
});

// The credential of the first document was used for every other.
describe("awslabs/mcp #3695: credentials that bleed from one API into another", () => {
  it("each of two APIs gets its own, also when they are asked at once and by the same caller", async () => {
    await using a = open(api.url, { credential: bearer("token-a"), headers: { "x-of": "a" } }, { name: "a" });
    await using b = open(other.url, { credential: bearer("token-b"), headers: { "x-of": "b" } }, { name: "b" });
    await Promise.all(
      Array.from({ length: 20 }, async () => [await ask(a, `${api.url}/`), await ask(b, `${other.url}/`)]),
    );
    const got = (server: TestApi) =>
      new Set(server.seen.map(({ headers }) => `${headers.authorization} ${headers["x-of"]}`));
    expect([...got(api), ...got(other)]).toEqual(["Bearer token-a a", "Bearer token-b b"]);
    expect([a.secrets().join().includes("token-b"), b.secrets().join().includes("token-a")]).toEqual([false, false]);
  });

  it("two APIs at one origin do not share answers, or credentials", async () => {
    api.handle = ({ headers }, response) =>
      response.writeHead(200, { "cache-control": "max-age=600" }).end(headers.authorization ?? "nobody");
    await using a = open(api.url, { credential: bearer("token-a") }, { name: "a" });
    await using b = open(api.url, {}, { name: "b" });
    expect(await ask(a, `${api.url}/`)).toEqual([200, "Bearer token-a"]);
    expect(await ask(b, `${api.url}/`)).toEqual([200, "nobody"]);
  });

  it("one API asks nothing of the other's address", async () => {
    await using a = open(api.url, { credential: bearer("token-a") }, { name: "a" });
    expect((await failure(send(a, `${other.url}/`))).code).toBe("unreachable");
    expect(other.seen).toHaveLength(0);
  });
});

// Headers of the caller's request named the base URL of the API, so a caller could name its own server.
describe("CVE-2026-27826: a base URL that the caller chooses", () => {
  it.each(["host", "x-forwarded-host", "x-api-url", "x-atlassian-jira-url", "forwarded", "x-original-url"])(
    "is not %s",
    async (name) => {
      await using upstream = open(api.url, { credential: bearer("token-a") });
      const value = other.url.replace("http://", name === "host" ? "" : "http://");
      const asked = await send(upstream, `${api.url}/`, { headers: { [name]: value } }).catch(
        (error: unknown) => error,
      );
      expect(other.seen).toHaveLength(0);
      expect(api.seen.map(({ headers }) => headers.host)).toEqual(name === "host" ? [] : [`127.0.0.1:${api.port}`]);
      expect(asked).toBeDefined();
    },
  );

  it("is not the environment's: no proxy is used that nobody configured", async () => {
    const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : other.url;
    try {
      await using upstream = open(api.url, { credential: bearer("token-a") });
      expect(await ask(upstream, `${api.url}/`)).toEqual([200, "ok"]);
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(other.seen).toHaveLength(0);
  });
});
