import { join } from "node:path";
import { createSwitches } from "@hardened-mcp/policy";
import { memoryStore } from "@hardened-mcp/state";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPolicy } from "../../src/config/open-policy.ts";
import { createRecorder } from "../../src/config/recorder.ts";
import { captureLog } from "../support/log.ts";
import { echoTool, gate, testServer } from "../support/server.ts";
import { createFakeSink } from "../support/sink.ts";
import { alice, errorOf, walk } from "../support/walk.ts";
import { type SecretFolder, secretFolder } from "./support/folder.ts";
import { open } from "./support/security.ts";

let folder: SecretFolder;
beforeEach(() => {
  folder = secretFolder();
});
afterEach(() => folder[Symbol.dispose]());

const PERMIT = 'permit (principal, action in Action::"read", resource);\n';

/** What is on record once a server stands on the policies of the folder. */
async function loaded(text: string) {
  const path = folder.write("a.cedar", text);
  const { security, sink } = await open({ policy: path });
  testServer({ tools: [echoTool()], ...security.serverOptions });
  return sink.of("config.loaded").map(({ detail }) => detail);
}

describe("policies of a configuration", () => {
  it("are on record, by a digest that changes with their text", async () => {
    const [first, again, other] = [await loaded(PERMIT), await loaded(PERMIT), await loaded(`@id("x") ${PERMIT}`)];
    expect(first).toMatchObject([{ what: "policies", rules: 1, digest: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(again).toEqual(first);
    expect(other?.[0]?.["digest"]).not.toBe(first[0]?.["digest"]);
  });

  it.each([
    ["UTC without a word", undefined, 0, true],
    ["the zone that is named", "Asia/Kolkata", 330, true],
    ["no other one", "Asia/Kolkata", 0, false],
  ] as const)("know the time by %s", async (_, policyTimeZone, offsetMinutes, isRight) => {
    const hourAt = (ms: number) => new Date(ms + offsetMinutes * 60_000).getUTCHours();
    // The hour may turn while the test runs.
    const hours = [hourAt(Date.now()), hourAt(Date.now() + 60_000)];
    const path = folder.write(
      "a.cedar",
      `permit (principal, action, resource) when { [${hours.join(", ")}].contains(context.time.hour) };`,
    );
    const { security } = await open({ policy: path, ...(policyTimeZone === undefined ? {} : { policyTimeZone }) });
    const { server } = testServer({ tools: [echoTool()], ...security.serverOptions });
    expect((await walk(server)).ok).toBe(isRight);
  });

  it("stop the start where the time zone does not exist", async () => {
    const path = folder.write("a.cedar", PERMIT);
    const { security } = await open({ policy: path, policyTimeZone: "Europe/Berln" });
    expect(() => testServer({ tools: [echoTool()], ...security.serverOptions })).toThrow('no time zone "Europe/Berln"');
  });
});

describe("switches beside a policy", () => {
  it("let a call that runs already end, and refuse the next", async () => {
    const store = memoryStore();
    const sink = createFakeSink();
    const context = { server: "test", audit: sink, log: captureLog().log };
    const policy = await openPolicy({}, context, store, createRecorder(context));
    const [started, release] = [gate(), gate<{ text: string }>()];
    const tool = echoTool({
      run: () => {
        started.resolve();
        return release.promise;
      },
    });
    const { server } = testServer({ tools: [tool], ...(policy === undefined ? {} : { policy }) });
    const running = walk(server, { principal: alice });
    await started.promise;
    await createSwitches({ store }).set({ kind: "tool", name: "echo" }, { who: "op", why: "incident" });
    expect(errorOf(await walk(server)).code).toBe("not_found");
    release.resolve({ text: "x" });
    expect((await running).ok).toBe(true);
    expect(sink.of("switch.changed")).toMatchObject([
      { detail: { switch: "tool", is: "on", name: "echo", who: "op", why: "incident" } },
    ]);
  });

  it("are not in force before they are on record", async () => {
    const store = memoryStore();
    const sink = createFakeSink();
    const context = { server: "test", audit: sink, log: captureLog().log };
    const policy = await openPolicy({}, context, store, createRecorder(context));
    const { server } = testServer({ tools: [echoTool()], ...(policy === undefined ? {} : { policy }) });
    await createSwitches({ store }).set({ kind: "tool", name: "echo" }, { who: "op", why: "incident" });
    sink.fail.write = () => {
      throw new Error("the disk is full");
    };
    // Neither served as if nothing had been switched, nor refused as if it had been recorded.
    expect(errorOf(await walk(server)).code).not.toBe("not_found");
    sink.fail = {};
    expect(errorOf(await walk(server)).code).toBe("not_found");
  });
});

it("reads policies from a folder as from a file", async () => {
  folder.write("b.cedar", PERMIT);
  const { security } = await open({ policy: join(folder.path) });
  const { server } = testServer({ tools: [echoTool()], ...security.serverOptions });
  expect((await walk(server)).ok).toBe(true);
});
