import { manifestOf } from "@hardened-mcp/server";
import { noAudit } from "@hardened-mcp/server/command-line";
import { describe, expect, it } from "vitest";
import { openSession } from "../../../../test/support/stdio-session.ts";
import { configSchema } from "../../src/config/schema.ts";
import { createHttpApiServer } from "../../src/create.ts";
import { noPages } from "../../src/fetch-url/pages.ts";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { CLI, type Session, structured } from "../support/session.ts";
import { EVIL_MARK, evil, type HttpUpstream, httpUpstream, type Reply } from "../support/upstreams/index.ts";

const text = (body: string, type = "text/plain"): Reply => ({ headers: { "content-type": type }, body });
const to = (location: string): Reply => ({ status: 302, headers: { location } });

/** A host with a few pages; `elsewhere` is where it would lead. */
const site = (elsewhere: string) =>
  httpUpstream(({ target }) => {
    const pages: Readonly<Record<string, () => Reply>> = {
      "/page": () =>
        text(
          "<title>A page</title><script>alert(1)</script><p>Hello <b>you</b></p><p hidden>canary-hidden</p>",
          "text/html; charset=utf-8",
        ),
      "/long": () => text("0123456789".repeat(50)),
      "/json": () => text('{"a": 1}', "application/json"),
      "/latin": () => ({ headers: { "content-type": "text/plain; charset=iso-8859-1" }, body: Buffer.from([0xe9]) }),
      "/picture": () => ({ headers: { "content-type": "image/png" }, body: Buffer.from([1, 2, 3]) }),
      "/silent": () => ({ body: "what am I" }),
      "/zero": () => text("a\0b"),
      "/missing": () => ({ status: 404, headers: { "content-type": "text/plain" }, body: "canary-body" }),
      "/broken": () => ({ status: 500, headers: { "content-type": "text/plain" }, body: "canary-body" }),
      "/away": () => to(elsewhere),
      "/round": () => to("/round"),
      "/here": () => to("/json"),
      "/large": () => text("x".repeat(200_000)),
    };
    return (pages[target] ?? pages["/missing"])?.() ?? {};
  });

function allowing(host: HttpUpstream, keys: object = {}) {
  const { port } = new URL(host.origin);
  return { fetchUrl: { allow: [{ host: "127.0.0.1", ports: [Number(port)], schemes: ["http"] }], ...keys } };
}

function open(folder: TestFolder, config: object): Promise<Session> {
  return openSession([CLI, "--audit-dir", folder.audit, "--config", folder.write("config.json", config)]);
}

describe("fetch_url", () => {
  it("is not there unless it is configured", () => {
    const config = configSchema.parse({});
    const server = createHttpApiServer({ config, apis: [], pages: noPages, audit: noAudit, version: "0" });
    expect(manifestOf(server, "http-api").operations).toEqual([]);
  });

  it("is what the configuration says it is", () => {
    const fetchUrl = { allow: [{ host: "docs.example.com" }], effect: "external" };
    const server = createHttpApiServer({
      config: configSchema.parse({ fetchUrl }),
      apis: [],
      pages: noPages,
      audit: noAudit,
      version: "0",
    });
    expect(manifestOf(server, "http-api").operations).toMatchObject([{ effect: "external", needsApproval: true }]);
  });

  it("reads pages as text, sends nothing but the URL, and puts each on record", async () => {
    using folder = testFolder();
    await using elsewhere = await evil();
    await using host = await site(elsewhere.origin);
    await using session = await open(folder, allowing(host, { maxTextBytes: 200 }));
    const page = structured(await session.call("fetch_url", { url: `${host.origin}/page` }));
    expect(page).toMatchObject({ url: `${host.origin}/page`, contentType: "text/html", title: "A page" });
    expect(page["text"]).toBe("Hello you");
    const names = host.requests[0]?.rawHeaders.map(([name]) => name?.toLowerCase()).sort();
    expect(names).toEqual(["accept", "accept-encoding", "connection", "host"]);

    const read = async (path: string, more: object = {}) =>
      structured(await session.call("fetch_url", { url: `${host.origin}${path}`, ...more }));
    expect(await read("/json")).toMatchObject({ text: '{"a": 1}', contentType: "application/json" });
    expect(await read("/latin")).toMatchObject({ text: "é" });
    expect(await read("/here")).toMatchObject({ url: `${host.origin}/json` });

    const parts = [await read("/long")];
    for (let next = parts[0]?.["nextOffset"]; next !== undefined; next = parts.at(-1)?.["nextOffset"]) {
      parts.push(await read("/long", { offset: next }));
    }
    expect(parts.map((part) => part["text"]).join("")).toBe("0123456789".repeat(50));
    expect(parts).toHaveLength(3);

    const recorded = JSON.stringify(folder.records());
    expect(recorded).toContain('"fetch_url"');
    expect(recorded).not.toContain("/latin");
  });

  it("refuses what is no page, and says no more than that", async () => {
    using folder = testFolder();
    await using elsewhere = await evil();
    await using host = await site(elsewhere.origin);
    await using session = await open(folder, allowing(host, { maxBytes: 100_000 }));
    const refused: readonly (readonly [path: string, code: string])[] = [
      ["/picture", "denied"],
      ["/silent", "denied"],
      ["/zero", "denied"],
      ["/missing", "not_found"],
      ["/broken", "unavailable"],
      ["/round", "denied"],
      ["/large", "too_large"],
    ];
    for (const [path, code] of refused) {
      const answer = await session.call("fetch_url", { url: `${host.origin}${path}` });
      expect([path, answer.code]).toEqual([path, code]);
      expect(answer.text).not.toMatch(/canary|127\.0\.0\.1/);
    }
    const beyond = await session.call("fetch_url", { url: `${host.origin}/json`, offset: 500 });
    expect(beyond.code).toBe("invalid_input");
  });

  it("asks no host that is not allowed, however it is spelt, and follows no redirect there", async () => {
    using folder = testFolder();
    await using elsewhere = await evil();
    await using host = await site(`${elsewhere.origin}/stolen`);
    await using session = await open(folder, allowing(host));
    const { port } = new URL(host.origin);
    const urls = [
      elsewhere.origin,
      `${host.origin}/away`,
      `http://127.0.0.1:${port}@${new URL(elsewhere.origin).host}/`,
      elsewhere.origin.replace("127.0.0.2", "2130706434"),
      elsewhere.origin.replace("127.0.0.2", "0x7f.2"),
      elsewhere.origin.replace("127.0.0.2", "[::ffff:127.0.0.2]"),
      host.origin.replace("127.0.0.1", "localhost"),
      "http://169.254.169.254/latest/meta-data/",
      "https://metadata.google.internal/",
      "file:///etc/passwd",
      "gopher://127.0.0.1/",
      "//127.0.0.2/",
      "not a url",
    ];
    for (const url of urls) {
      const answer = await session.call("fetch_url", { url });
      expect([url, answer.isError]).toEqual([url, true]);
      expect(["denied", "invalid_input", "unavailable"]).toContain(answer.code);
      expect(answer.text).not.toContain(EVIL_MARK);
    }
    expect(elsewhere.requests).toEqual([]);
  });
});
