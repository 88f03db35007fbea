import { principalKey } from "@hardened-mcp/auth/principal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool, type ToolDefinition } from "../../src/define/tool.ts";
import { gate } from "../support/server.ts";
import { notes, SCOPES } from "./support/notes.ts";
import { startProtected } from "./support/protected-server.ts";
import { REVISIONS, type UserClient } from "./support/user-client.ts";
import { startWorld, type World } from "./support/world.ts";

const CALLS_EACH = 100;

/** Writes a line and gives back all that this caller has written, once a call of somebody else runs at the same time. */
function diary(): ToolDefinition {
  const lines = new Map<string, string[]>();
  const waiting = new Map<string, (() => void)[]>();
  return defineTool({
    name: "diary",
    description: "Writes a line and reads all.",
    effect: "read",
    scope: SCOPES.read,
    input: z.strictObject({ line: z.string() }),
    output: z.strictObject({ subject: z.string(), lines: z.array(z.string()) }),
    // Fewer, and all that run could be calls of one user, each waiting for one of the other's.
    limits: { concurrency: 2 * CALLS_EACH },
    async run({ line }, { principal }) {
      const key = principalKey(principal);
      const own = lines.get(key) ?? [];
      lines.set(key, own);
      own.push(line);
      const met = gate();
      const partner = [...waiting].find(([other]) => other !== key)?.[1].shift();
      if (partner === undefined) waiting.set(key, [...(waiting.get(key) ?? []), met.resolve]);
      else {
        partner();
        met.resolve();
      }
      await met.promise;
      return { subject: principal.subject, lines: own };
    },
  });
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ server: { tools: [...notes(), diary()] } });
});
afterAll(() => world[Symbol.asyncDispose]());

describe("what is alice's", () => {
  it(`is nothing to bob: in ${2 * CALLS_EACH} calls at once no answer and no record is the other's`, async () => {
    const { sink } = world.server;
    const users = { alice: await world.client({ revision: REVISIONS[0] }), bob: await bobOf(REVISIONS[1]) };
    await Promise.all([users.alice.connect(), users.bob.connect()]);
    const canary = (name: string, call: number) => `canary-of-${name}-${call}`;
    const calls = Array.from({ length: CALLS_EACH }, (_, call) => [
      ["alice", call] as const,
      ["bob", call] as const,
    ]).flat();
    const answers = await Promise.all(
      calls.map(async ([name, call]) => {
        const asked = { name: "diary", arguments: { line: canary(name, call) } };
        return [name, call, (await users[name].client.callTool(asked)).structuredContent] as const;
      }),
    );

    for (const [name, call, answer] of answers) {
      expect(answer).toEqual({ subject: name, lines: expect.arrayContaining([canary(name, call)]) });
      expect(JSON.stringify(answer)).not.toContain(`canary-of-${name === "alice" ? "bob" : "alice"}`);
    }
    const digestOf = (name: string, call: number) => sink.digest({ line: canary(name, call) }).digest;
    for (const [name, tenant] of [
      ["alice", "acme"],
      ["bob", "globex"],
    ] as const) {
      const recorded = sink.of("call.intent").filter(({ actor }) => actor?.subject === name);
      expect(new Set(recorded.map(({ actor }) => actor?.tenant))).toEqual(new Set([tenant]));
      expect(recorded.map(({ args }) => args.digest).sort()).toEqual(
        Array.from({ length: CALLS_EACH }, (_, call) => digestOf(name, call)).sort(),
      );
    }
  });
});

describe("alice's budget", () => {
  it("ends for every client of hers, and touches nobody else's", async () => {
    const limited = await startProtected(world.as, { server: { limits: { callsPerMinute: 5 } } });
    const { url } = limited;
    const [alice, again, bob] = [
      await world.client({ url }),
      await world.client({ url, registering: "dynamic" }),
      await world.client({ url, person: { user: "bob" } }),
    ];
    for (const user of [alice, again, bob]) await user.connect();
    const codes: unknown[] = [];
    for (let call = 0; call < 7; call++) codes.push(await codeOf(alice));
    expect(codes).toEqual(["ok", "ok", "ok", "ok", "ok", "rate_limited", "rate_limited"]);
    expect(await codeOf(again)).toBe("rate_limited");
    expect(await codeOf(bob)).toBe("ok");
    await limited[Symbol.asyncDispose]();
  });
});

async function bobOf(revision: (typeof REVISIONS)[number]): Promise<UserClient> {
  return await world.client({ revision, person: { user: "bob" } });
}

async function codeOf(user: UserClient): Promise<unknown> {
  const { structuredContent } = await user.client.callTool({ name: "whoami", arguments: {} });
  return (structuredContent as { error?: { code: string } }).error?.code ?? "ok";
}
