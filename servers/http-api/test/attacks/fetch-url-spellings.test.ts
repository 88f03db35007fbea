import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { openApi, type Session, structured } from "../support/session.ts";
import {
  type ConnectProxy,
  connectProxy,
  HIDDEN,
  HIDDEN_CHARACTERS,
  type HttpUpstream,
  httpUpstream,
  type Reply,
} from "../support/upstreams/index.ts";

const DOCUMENT = { openapi: "3.1.0", info: { title: "T", version: "1" }, paths: {} };
const as = (body: string, type = "text/plain; charset=utf-8"): Reply => ({ headers: { "content-type": type }, body });

const PAGES: Readonly<Record<string, () => Reply>> = {
  "/pair": () => as("\u{1F600}x"),
  "/deep": () => as(`${"<div>".repeat(200_000)}bottom`, "text/html"),
  "/wide": () => as("<p>x".repeat(400_000), "text/html"),
  "/loop-a": () => ({ status: 302, headers: { location: "/loop-b" } }),
  "/loop-b": () => ({ status: 302, headers: { location: "http://www.docs.test/loop-a" } }),
  // Node writes a list as lines of their own; its types know no list of this one.
  "/twice": () => ({ status: 302, headers: { location: ["/pair", "http://other.test/"] as unknown as string } }),
  "/refresh": () => ({ ...as("<meta http-equiv=refresh content='0;url=http://other.test/'>here", "text/html") }),
};

/** Names are looked up by the proxy alone, so what it was asked for is all that anybody could have been asked. */
describe("a URL that fetch_url is given", () => {
  let folder: TestFolder;
  let host: HttpUpstream;
  let proxy: ConnectProxy;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder();
    host = await httpUpstream(({ target }) => {
      const kind = /^\/hidden\/(\w+)$/.exec(target)?.[1];
      if (kind !== undefined) return as(HIDDEN[kind] ?? "");
      return (PAGES[target] ?? (() => as(target)))();
    });
    proxy = await connectProxy({ "docs.test:80": host.port, "www.docs.test:80": host.port });
    const allow = ["docs.test", "*.docs.test"].map((name) => ({ host: name, ports: [80], schemes: ["http"] }));
    session = await openApi(
      folder,
      { baseUrl: "http://127.0.0.1:1", document: DOCUMENT },
      { config: { egressProxy: { url: proxy.origin }, fetchUrl: { allow, maxBytes: 4_194_304 } } },
    );
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    for (const server of [host, proxy]) await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it.each([
    ..."http://other.test/ http://docs.test.other.test/ http://otherdocs.test/ http://docs.test.test/ http://test/".split(
      " ",
    ),
    ..."http://docs.test@other.test/ http://docs.test:80@other.test/ http://user@docs.test/ http://:pw@docs.test/".split(
      " ",
    ),
    ..."http://other.test#docs.test http://other.test?docs.test http://other.test/docs.test http://other.test\\@docs.test/".split(
      " ",
    ),
    ..."http://docs.test:81/ http://docs.test:0/ http://docs.test:65536/ https://docs.test/ https://docs.test:80/".split(
      " ",
    ),
    ..."ftp://docs.test/ ws://docs.test/ blob:http://docs.test/x view-source:http://docs.test/ //docs.test/ docs.test".split(
      " ",
    ),
    // Twins: Cyrillic, Greek, a dotless i, a soft hyphen that is no twin at all, and what Unicode maps to a dot elsewhere.
    ..."http://d\u043ecs.test/ http://d\u03bfcs.test/ http://docs.t\u0435st/ http://xn--dcs-rdd.test/ http://d\u00f6cs.test/".split(
      " ",
    ),
    ..."http://docs\u2024test/ http://docs%2etest.other.test/ http://docs.test%00.other.test/ http://docs.test%2f.other.test/".split(
      " ",
    ),
    ..."http://127.1/ http://0x7f.1/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://[fe80::1%25eth0]/ http://0/ http://localhost/".split(
      " ",
    ),
    "http://docs.test\t.other.test/",
    "http://docs.test\n@other.test/",
  ])("asks nobody for %j", async (url) => {
    const [asked, seen] = [proxy.asked.length, host.requests.length];
    const answer = await session.call("fetch_url", { url });
    expect(["denied", "invalid_input"]).toContain(answer.code);
    expect([proxy.asked.slice(asked), host.requests.slice(seen)]).toEqual([[], []]);
  });

  it.each([
    ["http://docs.test", "/"],
    ["http://DOCS.test:80/a", "/a"],
    ["http://docs\u3002test/b", "/b"],
    ["http://\uff44ocs.test/c", "/c"],
    ["http://do\u00adcs.test/d", "/d"],
    ["http:docs.test/e", "/e"],
    ["http://docs.test/x/../../f#fragment", "/f"],
    ["http://docs.test/\r\nX-Evil: 1", "/X-Evil:%201"],
    ["  http://docs.test/g  ", "/g"],
  ])("asks the allowed host for %j, and sends no more than it must", async (url, target) => {
    const answer = structured(await session.call("fetch_url", { url }));
    expect(answer["text"]).toBe(target);
    const last = host.requests.at(-1);
    expect([last?.target, JSON.stringify(last)]).toEqual([target, expect.not.stringMatching(/fragment|"x-evil"/i)]);
    expect(proxy.asked.every((asked) => /^(?:www\.)?docs\.test:80$/.test(asked))).toBe(true);
  });

  it("ends in a circle, and is followed to one place, not to two; a page cannot lead on by itself", async () => {
    const before = host.requests.length;
    expect((await session.call("fetch_url", { url: "http://docs.test/loop-a" })).code).toBe("denied");
    expect(host.requests.length - before).toBe(4);
    expect((await session.call("fetch_url", { url: "http://docs.test/twice" })).isError).toBe(true);
    expect(structured(await session.call("fetch_url", { url: "http://docs.test/refresh" }))["text"]).toBe("here");
    expect(proxy.asked.some((asked) => asked.startsWith("other"))).toBe(false);
  });

  it.each(["/deep", "/wide"])("does not hold the server up, and stays small: %s", async (path) => {
    const from = performance.now();
    const answer = await session.call("fetch_url", { url: `http://docs.test${path}` });
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(answer.isError).toBe(false);
    expect(JSON.stringify(answer).length).toBeLessThan(2 ** 20);
  });

  it.each([
    [0, "ok"],
    [1, "ok"],
    [2, "ok"],
    [3, "invalid_input"],
    [16 * 1024 * 1024, "invalid_input"],
    [16 * 1024 * 1024 + 1, "invalid_input"],
    [-1, "invalid_input"],
    [0.5, "invalid_input"],
    ["1", "invalid_input"],
  ])("begins at %j, within the page only", async (offset, expected) => {
    const answer = await session.call("fetch_url", { url: "http://docs.test/pair", offset });
    expect(answer.code ?? "ok").toBe(expected);
    if (expected === "ok") expect(String(answer.structured?.["text"]).endsWith("x")).toBe(true);
  });

  it.each(Object.keys(HIDDEN).filter((kind) => kind !== "variation" && kind !== "html"))(
    "shows no characters that hide: %s",
    async (kind) => {
      const answer = await session.call("fetch_url", { url: `http://docs.test/hidden/${kind}` });
      expect(JSON.stringify(answer.structured) + answer.text).not.toMatch(HIDDEN_CHARACTERS);
      expect(answer.isError).toBe(kind === "controls");
    },
  );

  it("is for a tool that is listed as what it is: it reads, beyond this server", async () => {
    const listed = (await session.listTools()).find(({ name }) => name === "fetch_url");
    expect(listed).toMatchObject({ annotations: { readOnlyHint: true, openWorldHint: true } });
  });
});
