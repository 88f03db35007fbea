import { userInfo } from "node:os";
import { createSwitches, type Switch } from "@hardened-mcp/policy";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../../../state/test/support/redis.ts";
import type { TestServer } from "../../../state/test/support/test-server.ts";
import { cli, HARMLESS, HOSTILE } from "../support/cli.ts";
import { scene } from "../support/stores.ts";

let redis: TestServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const READ_ONLY_KEY = 'set/switches/entry/["read-only"]';

const KINDS: readonly (readonly [readonly string[], Switch, string])[] = [
  [["--tool", "send"], { kind: "tool", name: "send" }, "tool send of every server"],
  [["--tool", "send", "--server", "mail"], { kind: "tool", name: "send", server: "mail" }, "tool send of mail"],
  [["--client", "app"], { kind: "client", client: "app" }, "client app"],
  [
    ["--subject", "bob", "--issuer", "https://idp.example"],
    { kind: "subject", issuer: "https://idp.example", subject: "bob" },
    "subject bob of https://idp.example",
  ],
  [["--read-only"], { kind: "read-only" }, "read-only for everyone"],
];

describe.each([
  ["SQLite", () => undefined],
  ["Redis", () => redis.url],
])("over %s", (_, url) => {
  test.each(KINDS)("%j is seen by a server that runs, listed, and cleared", async (which, what, named) => {
    const { flags, open } = await scene(url());
    const server = createSwitches({ store: await open() });
    await server.refresh();
    expect(server.list()).toEqual([]);

    const set = await cli(["switches", "set", ...flags, ...which, "--why", "incident 7"]);
    expect(set).toMatchObject({ code: 0, err: "", out: expect.stringContaining(named) });
    await server.refresh();
    expect(server.list()).toMatchObject([{ what, who: userInfo().username, why: "incident 7" }]);

    const list = await cli(["switches", "list", ...flags, "--json"]);
    expect(list.code).toBe(0);
    expect(JSON.parse(list.out).switches).toMatchObject([
      { what, who: userInfo().username, why: "incident 7", at: expect.stringMatching(/^20\d\d-.*Z$/) },
    ]);

    const clear = await cli(["switches", "clear", ...flags, ...which]);
    expect(clear).toMatchObject({ code: 0, err: "", out: expect.stringContaining(named) });
    await server.refresh();
    expect(server.list()).toEqual([]);
  });

  test("hostile words reach neither terminal nor script raw", async () => {
    const { flags, open } = await scene(url());
    const set = await cli(["switches", "set", ...flags, "--tool", "a\u009b2J", "--why", HOSTILE]);
    expect(set.code).toBe(0);
    const server = createSwitches({ store: await open() });
    await server.refresh();
    expect(server.list()[0]?.why).toBe(HOSTILE);

    const list = await cli(["switches", "list", ...flags]);
    const json = await cli(["switches", "list", ...flags, "--json"]);
    for (const { out } of [set, list, json]) expect(out).toMatch(HARMLESS);
    expect(list.out.split("\n").filter((line) => line.startsWith("intact"))).toEqual([]);
    expect(JSON.parse(json.out).switches[0].why).toBe(HOSTILE);
  });

  test("a forged entry shows as tampered, and nothing is listed", async () => {
    const { flags, attack } = await scene(url());
    await cli(["switches", "set", ...flags, "--client", "app", "--why", "incident"]);
    const attacker = await attack();
    await attacker.put(READ_ONLY_KEY, '{"what":{"kind":"read-only"},"who":"x","why":"x","at":1}', 60_000);
    const { code, out, err } = await cli(["switches", "list", ...flags]);
    expect(err).toContain("tampered");
    expect({ code, out }).toEqual({ code: 1, out: "" });
  });

  test("a sealed entry moved to another key shows as tampered", async () => {
    const { flags, attack } = await scene(url());
    await cli(["switches", "set", ...flags, "--client", "app", "--why", "incident"]);
    const attacker = await attack();
    const sealed = await attacker.get('set/switches/entry/["client","app"]');
    await attacker.put(READ_ONLY_KEY, sealed ?? "", 60_000);
    expect(await cli(["switches", "list", ...flags])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("tampered"),
    });
  });

  test("a switch set beside a forged entry is not reported as being in force", async () => {
    const { flags, attack } = await scene(url());
    await (await attack()).put(READ_ONLY_KEY, "forged", 60_000);
    const set = await cli(["switches", "set", ...flags, "--client", "app", "--why", "incident"]);
    expect(set).toMatchObject({ code: 1, out: "", err: expect.stringContaining("NOT in force") });
    // Clearing the forged one is the way out.
    expect((await cli(["switches", "clear", ...flags, "--read-only"])).code).toBe(0);
    const { out } = await cli(["switches", "list", ...flags, "--json"]);
    expect(JSON.parse(out).switches).toMatchObject([{ what: { kind: "client", client: "app" } }]);
  });

  test("--for clears itself", async () => {
    const { flags, open } = await scene(url());
    const set = await cli(["switches", "set", ...flags, "--read-only", "--why", "short", "--for", "2h"]);
    expect(set.code).toBe(0);
    const { entries } = await (await open()).list("set/switches/entry/");
    expect(entries[0]?.expiresInMs).toBeGreaterThan(7_000_000);
    expect(entries[0]?.expiresInMs).toBeLessThanOrEqual(7_200_000);
  });
});

test("clearing what was not set is a failure, so that a slip in the name is seen", async () => {
  const { flags } = await scene();
  await cli(["switches", "set", ...flags, "--tool", "delete_file", "--why", "incident"]);
  const { code, err } = await cli(["switches", "clear", ...flags, "--tool", "delete_flie"]);
  expect(err).toContain("not set");
  expect(code).toBe(1);
});

test("an empty list says of which namespace it is", async () => {
  const { flags } = await scene();
  const { code, out } = await cli(["switches", "list", ...flags]);
  expect(out).toBe(`0 switches set in ${flags[3]}\n`);
  expect(code).toBe(0);
});

test("a store that goes away ends with 69", async () => {
  const own = await startRedis();
  onTestFinished(() => own.stop());
  const { flags } = await scene(own.url);
  await own.kill();
  for (const command of [["list"], ["set", "--read-only", "--why", "x"], ["clear", "--read-only"]]) {
    const { code, out, err } = await cli(["switches", ...command, ...flags]);
    expect({ code, out }).toEqual({ code: 69, out: "" });
    expect(err).toMatch(HARMLESS);
  }
});

test.each([
  [["set", "--tool", "x"], "--why is needed"],
  [["set", "--tool", "x", "--why", " "], "--why is needed"],
  [["set", "--why", "x"], "give one of --tool, --client, --subject, --read-only"],
  [["set", "--why", "x", "--tool", "x", "--read-only"], "give one of"],
  [["set", "--why", "x", "--client", "x", "--server", "s"], "--server belongs to --tool"],
  [["set", "--why", "x", "--tool", "x", "--issuer", "s"], "--issuer belongs to --subject"],
  [["set", "--why", "x", "--subject", "x"], "--issuer is needed"],
  [["set", "--why", "x", "--tool", "x", "--server", ""], "--server is needed"],
  [["set", "--why", "x", "--tool", "x", "--for", "2"], "--for is a time from 1s to 3650d"],
  [["set", "--why", "x", "--tool", "x", "--for", "0s"], "--for is a time"],
  [["set", "--why", "x", "--tool", "x", "--for", "9999d"], "--for is a time"],
  [["set", "--why", "x", "--tool", "x".repeat(300)], "text of at most"],
  [["set", "--why", "x".repeat(2_000), "--tool", "x"], "1 to 1024 characters"],
  [["set", "--why", "x", "--tool", "x", "--who", "root"], "unknown flag --who; did you mean --why?"],
  [["set", "--why", "x", "--tol", "x"], "unknown flag --tol; did you mean --tool?"],
  [["list", "--jsn"], "did you mean --json?"],
  [["list", "here"], "belongs to no flag"],
  [["clear"], "give one of"],
])("switches %j is refused, and nothing is set", async (args, message) => {
  const { flags, open } = await scene();
  const { code, out, err } = await cli(["switches", ...args, ...flags]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 64, out: "" });
  expect((await (await open()).list("set/switches/")).entries).toEqual([]);
});
