import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditEvent, AuditTool } from "@hardened-mcp/audit";
import { createSwitches } from "@hardened-mcp/policy";
import { openState } from "@hardened-mcp/state";
import { describe, expect, it } from "vitest";
import { compareDefinitions } from "../../audit/src/definitions/definitions.ts";
import { startRedis } from "../../state/test/support/redis.ts";
import { openSecurity } from "../src/config/open-security.ts";
import { stateConfig } from "../src/config/schema.ts";
import type { ServerOptions } from "../src/options.ts";
import type { ServeOptions } from "../src/serve.ts";
import { serve } from "../src/serve.ts";
import { secretFolder } from "./config/support/folder.ts";
import { type RealAudit, realAudit, type WrittenRecord } from "./support/audit.ts";
import { fakeAuthenticator } from "./support/authenticator.ts";
import { legacyCall, post, rawHttp } from "./support/http.ts";
import { echoTool, testServer } from "./support/server.ts";

interface Started extends AsyncDisposable {
  readonly url: URL;
  call(name: string, args?: unknown): Promise<string>;
}

/** A real server on a real audit log, over HTTP. */
async function start(
  audit: RealAudit,
  options: Partial<ServerOptions> = {},
  how: Partial<ServeOptions> = {},
): Promise<Started> {
  const { server } = testServer({ tools: [echoTool()], audit: audit.log, ...options });
  const running = await serve(server, { http: { port: 0 }, ownProcess: false, drainMs: 1_000, ...how });
  const url = new URL(running.address);
  return {
    url,
    call: async (name, args = { text: "x" }) => (await post(url, legacyCall(1, name, args))).text(),
    [Symbol.asyncDispose]: async () => void (await running.stop("test")),
  };
}

const scenarios = {
  async "a server that is used"() {
    const audit = await realAudit();
    {
      const how = { config: { port: 0 }, weakening: ["--dangerously-test"] };
      await using server = await start(audit, {}, how);
      await server.call("echo");
      await server.call("nothing");
      await rawHttp(Number(server.url.port), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    }
    return await audit.records();
  },
  async "a caller who cannot prove who they are"() {
    const audit = await realAudit();
    const authenticator = fakeAuthenticator(async () => ({ status: 401, challenges: ["Bearer"], reason: "signature" }));
    await using server = await start(audit, {}, { http: { port: 0, authenticator } });
    await server.call("echo");
    return await audit.records();
  },
  async "a person who says yes, and then nothing"() {
    const audit = await realAudit();
    let asked = 0;
    await using server = await start(audit, {
      tools: [echoTool({ effect: "destroy" })],
      enable: ["destroy"],
      limits: { approvalWaitMs: 50 },
      approver: {
        ask: async () => (asked++ === 0 ? { approved: true, rule: "console/bob" } : new Promise(() => undefined)),
      },
    });
    await server.call("echo");
    await server.call("echo");
    return await audit.records();
  },
  async "a tool that is not what it was"() {
    const audit = await realAudit();
    const drift = (tools: readonly AuditTool[], off: readonly string[]) => compareDefinitions(audit.dir, tools, off);
    for (const description of ["Gives back its text.", "Gives back its text, and more."]) {
      const sink = { ...audit.log, drift, recovered: { unfinished: [] } };
      await using _ = await start(audit, { tools: [echoTool({ description })], audit: sink });
    }
    return await audit.records();
  },
  async "an operator's switch, and a store that goes away"() {
    const audit = await realAudit();
    using folder = secretFolder();
    const redis = await startRedis();
    try {
      const macKey = Buffer.alloc(32, 7);
      const state = stateConfig.parse({ url: redis.url, keyFile: folder.write("key", macKey), timeoutMs: 2_000 });
      const { log } = testServer();
      const security = await openSecurity({ state }, { server: "test", audit: audit.log, log });
      const close = { onStop: () => security.close() };
      await using server = await start(audit, security.serverOptions, close);
      const operator = await openState(redis.url, { namespace: state.namespace, macKeys: [macKey] });
      await createSwitches({ store: operator }).set({ kind: "tool", name: "other" }, { who: "op", why: "test" });
      await operator.close();
      const isSeen = async (): Promise<boolean> => {
        await server.call("echo");
        return (await audit.records()).some(({ type }) => type === "switch.changed");
      };
      await expect.poll(isSeen).toBe(true);
      await redis.kill();
      await server.call("echo");
    } finally {
      await redis.kill();
    }
    return await audit.records();
  },
} as const;

/** Every event a server may record, and what brings it about: the compiler asks for a new type, and so does a test. */
const PRODUCED_BY: Readonly<Record<AuditEvent["type"], keyof typeof scenarios>> = {
  "call.intent": "a server that is used",
  "call.outcome": "a server that is used",
  "call.refused": "a server that is used",
  "entry.rejected": "a server that is used",
  "server.started": "a server that is used",
  "server.stopped": "a server that is used",
  "config.loaded": "a server that is used",
  weakening: "a server that is used",
  "auth.failed": "a caller who cannot prove who they are",
  "approval.requested": "a person who says yes, and then nothing",
  "approval.decided": "a person who says yes, and then nothing",
  "approval.consumed": "a person who says yes, and then nothing",
  "approval.expired": "a person who says yes, and then nothing",
  "tool.changed": "a tool that is not what it was",
  "state.changed": "an operator's switch, and a store that goes away",
  "switch.changed": "an operator's switch, and a store that goes away",
};

const once = new Map<string, Promise<WrittenRecord[]>>();
const recordsOf = (scenario: keyof typeof scenarios): Promise<WrittenRecord[]> => {
  const known = once.get(scenario) ?? scenarios[scenario]();
  once.set(scenario, known);
  return known;
};

describe("every event", () => {
  it.each(Object.entries(PRODUCED_BY))("%s is put on record by %s", async (type, scenario) => {
    expect((await recordsOf(scenario)).map((record) => record.type)).toContain(type);
  });

  it("that the audit package declares has a producer here", () => {
    const source = readFileSync(join(import.meta.dirname, "../../audit/src/event.ts"), "utf8");
    const [servers = "", own] = source.split("/** The log's own records");
    expect(own).toContain('"log.opened"');
    const declared = [...servers.matchAll(/^.*\breadonly type:(.*)$/gm)].flatMap(([, types = ""]) =>
      [...types.matchAll(/"([a-z._]+)"/g)].map(([, type]) => type),
    );
    expect([...new Set(declared)].sort()).toEqual(Object.keys(PRODUCED_BY).sort());
  });

  it("of a call has who, which tool by its definition, and what of the arguments may be shown", async () => {
    const records = await recordsOf("a server that is used");
    const [intent] = records.filter(({ type }) => type === "call.intent");
    expect(intent).toMatchObject({
      ref: expect.stringMatching(/^[\w-]{16}$/),
      actor: { issuer: expect.any(String), subject: expect.any(String) },
      tool: { name: "echo", def: expect.stringMatching(/^[\w-]{43}$/), effect: "read" },
      args: { digest: expect.stringMatching(/^[\w-]{43}$/), bytes: 12, shape: { text: "string:1" } },
      decision: { effect: "allow", step: "authorize", rule: expect.any(String) },
    });
    expect(records.find(({ type, ref }) => type === "call.outcome" && ref === intent?.ref)).toMatchObject({
      outcome: { code: "ok", isError: false, bytes: expect.any(Number), ms: expect.any(Number) },
    });
  });
});
