/**
 * axios issue 10711 (1.15; still so in 1.21.1, measured): a client that carries keys by default sends them on across a redirect, but for the
 * names it knows. An option that lists more names came later; a list is always one name short, and another port of a host is another
 * origin, too.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/index.ts";
import { type Listener, listen } from "../support/listeners.ts";
import { ask } from "../support/read.ts";

const KEYS = {
  authorization: "Bearer canary",
  cookie: "session=canary",
  "x-api-key": "canary",
  "x-aws-token": "canary",
  "x-internal-secret": "canary",
  "ocp-apim-subscription-key": "canary",
  "x-shop-pass": "canary",
} as const;

/** What such clients do: follow by themselves, and leave behind what is on a list. */
async function withList(url: string, listed: readonly string[]): Promise<void> {
  const first = await fetch(url, { headers: KEYS, redirect: "manual" });
  const left = Object.entries(KEYS).filter(([name]) => !listed.includes(name));
  await (await fetch(first.headers.get("location")!, { headers: Object.fromEntries(left) })).text();
}

describe.each(["127.0.0.2", "127.0.0.1"])("axios #10711: a redirect to another origin, on %s", (host) => {
  let api: Listener;
  let evil: Listener;
  beforeAll(async () => {
    evil = await listen(host);
    api = await listen("127.0.0.1", 0, (_, response) =>
      response.writeHead(302, { location: `http://${host}:${evil.port}/` }).end(),
    );
  });
  afterAll(() => Promise.all([api.close(), evil.close()]));

  it.each([
    ["the names everybody knows", ["authorization", "cookie", "proxy-authorization"]],
    ["the names an operator thought of", ["authorization", "cookie", "x-api-key", "x-aws-token", "x-internal-secret"]],
  ])("a list of %s is short of one", async (_, listed) => {
    await withList(`http://127.0.0.1:${api.port}/`, listed);
    expect(JSON.stringify(evil.seen.at(-1))).toContain("canary");
  });

  it("all of them stay behind here, whatever they are called, by each way in", async () => {
    const rule = (address: string, port: number) => ({ host: address, ports: [port], schemes: ["http" as const] });
    const safe = createSafeFetch({
      allow: [rule("127.0.0.1", api.port), rule(host, evil.port)],
      redirects: "follow",
    });
    const url = `http://127.0.0.1:${api.port}/`;
    const before = [api.seen.length, evil.seen.length];
    expect(await ask(safe, url, { headers: KEYS })).toMatchObject({ body: host });
    await (await safe.fetch(url, { headers: KEYS })).text();
    expect([api.seen.length, evil.seen.length]).toEqual(before.map((count) => count + 2));
    expect(JSON.stringify(api.seen.at(-1))).toContain("canary");
    for (const headers of evil.seen.slice(-2)) expect(JSON.stringify(headers)).not.toContain("canary");
    await safe.close();
  });
});
