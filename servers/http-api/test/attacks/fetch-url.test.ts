import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVIL_MARK, LIE_MARK, LIES } from "../support/upstreams/index.ts";
import { type Attacked, attacked, CREDENTIALS } from "./support/attacked.ts";

const REDIRECTS = LIES.map(({ name }) => name).filter(
  (name) => name.startsWith("redirect-") && !/climbing|to-nothing|300/.test(name),
);

describe("fetch_url", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked({
      config: (_, { liar }) => ({
        fetchUrl: { allow: [{ host: "127.0.0.1", ports: [liar.port], schemes: ["http"] }], deadlineMs: 3_000 },
      }),
    });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const fetchUrl = (url: string) => stage.ask("fetch_url", { url });

  it("fetches from the host it may, without the credential of the API there", async () => {
    const answer = await fetchUrl(`${stage.liar.origin}/harmless`);
    expect(answer.isError).toBe(false);
    expect(JSON.stringify(stage.liar.requests.at(-1))).not.toContain(CREDENTIALS.liar);
  });

  it.each([
    ["the other origin", (at: Attacked) => `${at.other.origin}/x`],
    ["another port of the same host", (at: Attacked) => `${at.api.origin}/v1/items`],
    ["a literal, as a number", (at: Attacked) => `http://2130706434:${at.other.port}/`],
    ["a literal, mapped", (at: Attacked) => `http://[::ffff:127.0.0.2]:${at.other.port}/`],
    ["a name for loopback", (at: Attacked) => `http://localhost:${at.other.port}/`],
    [
      "userinfo that looks like the host",
      (at: Attacked) => `http://127.0.0.1:${at.liar.port}@127.0.0.2:${at.other.port}/`,
    ],
    ["userinfo", (at: Attacked) => `http://ada:secret@127.0.0.1:${at.liar.port}/harmless`],
    ["a backslash", (at: Attacked) => `http:\\\\127.0.0.2:${at.other.port}\\`],
    ["metadata", () => "http://169.254.169.254/latest/meta-data/"],
    ["a file", () => "file:///etc/passwd"],
    ["data", () => "data:text/plain,x"],
    ["another scheme", (at: Attacked) => `https://127.0.0.1:${at.liar.port}/harmless`],
    ["no URL", () => "harmless"],
    ["a server of another protocol", () => "gopher://127.0.0.1/"],
  ])("asks nobody else: %s", async (_, url) => {
    const [liar, api] = [stage.liar.requests.length, stage.api.requests.length];
    const answer = await fetchUrl(url(stage));
    expect(answer.isError).toBe(true);
    expect([stage.other.connections(), stage.api.requests.length, stage.liar.requests.length]).toEqual([0, api, liar]);
  });

  it.each(REDIRECTS)("follows no redirect to anybody else: %s", async (name) => {
    const answer = await fetchUrl(`${stage.liar.origin}/${name}`);
    expect(answer.text).not.toMatch(new RegExp(`${EVIL_MARK}|${LIE_MARK}`));
    expect(stage.other.connections()).toBe(0);
  });

  it.each(["bomb-gzip", "hundred-megabytes", "endless", "silent", "dripping", "headers-endless"])(
    "is not held up by %s",
    async (name) => {
      const from = performance.now();
      const answer = await fetchUrl(`${stage.liar.origin}/${name}`);
      expect(performance.now() - from).toBeLessThan(20_000);
      expect(JSON.stringify(answer).length).toBeLessThan(2 ** 20);
    },
  );
});
