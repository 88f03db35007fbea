import { userInfo } from "node:os";
import { createRevocations, type RevocationTarget } from "@hardened-mcp/auth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRedis } from "../../../state/test/support/redis.ts";
import type { TestServer } from "../../../state/test/support/test-server.ts";
import { cli, HARMLESS, HOSTILE } from "../support/cli.ts";
import { scene } from "../support/stores.ts";

let redis: TestServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const ISSUER = "https://idp.example";
const TOKEN = { issuer: ISSUER, subject: "bob", client: "app", jti: "t-1", issuedAt: 1_700_000_000 };

const TARGETS: readonly (readonly [readonly string[], RevocationTarget])[] = [
  [["--token", "t-1"], { kind: "token", issuer: ISSUER, jti: "t-1" }],
  [["--subject", "bob"], { kind: "subject", issuer: ISSUER, subject: "bob" }],
  [["--client", "app"], { kind: "client", issuer: ISSUER, client: "app" }],
];

describe.each([
  ["SQLite", () => undefined],
  ["Redis", () => redis.url],
])("over %s", (_, url) => {
  test.each(TARGETS)("%j takes a token back on a server that runs, and is listed", async (which, target) => {
    const { flags, open } = await scene(url());
    const server = createRevocations(await open());
    await server.refresh();
    expect(server.isRevoked(TOKEN)).toBe(false);

    const add = await cli(["revocations", "add", ...flags, ...which, "--issuer", ISSUER, "--why", "stolen"]);
    expect(add).toMatchObject({ code: 0, err: "" });
    await server.refresh();
    expect(server.isRevoked(TOKEN)).toBe(true);
    expect(server.isRevoked({ ...TOKEN, subject: "alice", client: "other", jti: "t-2" })).toBe(false);

    const list = await cli(["revocations", "list", ...flags, "--json"]);
    expect(list.code).toBe(0);
    expect(JSON.parse(list.out).revocations).toMatchObject([{ target, by: userInfo().username, why: "stolen" }]);
  });

  test("hostile words reach neither terminal nor script raw", async () => {
    const { flags } = await scene(url());
    const which = ["--subject", `b\u009b2J\u202e`, "--issuer", ISSUER, "--why", HOSTILE];
    const add = await cli(["revocations", "add", ...flags, ...which]);
    const list = await cli(["revocations", "list", ...flags]);
    const json = await cli(["revocations", "list", ...flags, "--json"]);
    for (const { code, out } of [add, list, json]) {
      expect(out).toMatch(HARMLESS);
      expect(code).toBe(0);
    }
    expect(list.out.split("\n")).toHaveLength(4);
    expect(JSON.parse(json.out).revocations[0].why).toBe(HOSTILE);
  });

  test("a forged entry shows as tampered, in a list and before another is added", async () => {
    const { flags, attack } = await scene(url());
    await (await attack()).put("set/revocations/entry/forged", "{}", 60_000);
    for (const command of [["list"], ["add", "--token", "t-1", "--issuer", ISSUER, "--why", "stolen"]]) {
      const { code, out, err } = await cli(["revocations", ...command, ...flags]);
      expect(err).toContain("tampered");
      expect({ code, out }).toEqual({ code: 1, out: "" });
    }
  });
});

test("is remembered for a year unless told, which no token outlives", async () => {
  const { flags, open } = await scene();
  const at = Date.now();
  await cli(["revocations", "add", ...flags, "--token", "long", "--issuer", ISSUER, "--why", "stolen"]);
  await cli(["revocations", "add", ...flags, "--token", "short", "--issuer", ISSUER, "--why", "stolen", "--for", "2d"]);
  const server = createRevocations(await open());
  await server.refresh();
  const days = new Map(
    server
      .list()
      .map(({ target, until }) => [target.kind === "token" && target.jti, Math.floor((until - at) / 86_400_000)]),
  );
  expect(days).toEqual(
    new Map([
      ["long", 365],
      ["short", 2],
    ]),
  );
});

test.each([
  [["--token", "x", "--why", "y"], "--issuer is needed"],
  [["--token", "x", "--issuer", "i"], "--why is needed"],
  [["--issuer", "i", "--why", "y"], "give one of --token, --subject, --client"],
  [["--token", "x", "--subject", "x", "--issuer", "i", "--why", "y"], "give one of"],
  [["--token", "x", "--issuer", "i", "--why", "y", "--for", "2h"], "--for is a time from 25h to 365d"],
  [["--token", "x", "--issuer", "i", "--why", "y".repeat(600)], "1 to 500 characters"],
  [["--token", "x", "--isuer", "i", "--why", "y"], "unknown flag --isuer; did you mean --issuer?"],
  [["--token", "x", "--issuer", "i", "--why", "y", "--by", "root"], "unknown flag --by"],
])("revocations add %j is refused, and nothing is revoked", async (args, message) => {
  const { flags, open } = await scene();
  const { code, out, err } = await cli(["revocations", "add", ...flags, ...args]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 64, out: "" });
  expect((await (await open()).list("set/revocations/")).entries).toEqual([]);
});

test.each([
  ["an access token", `eyJ${"a".repeat(40)}.eyJzdWIiOiJib2IifQ.c2ln`],
  ["an API key", `hmcp_ci_${"s".repeat(43)}`],
])("%s in place of its id is neither stored nor repeated", async (_, secret) => {
  const { flags, open } = await scene();
  const { code, out, err } = await cli([
    "revocations",
    "add",
    ...flags,
    "--token",
    secret,
    "--issuer",
    "key",
    "--why",
    "x",
  ]);
  expect(out + err).not.toContain(secret);
  expect(code).toBe(64);
  expect((await (await open()).list("set/revocations/")).entries).toEqual([]);
});
