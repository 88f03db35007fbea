import { join } from "node:path";
import { createApiKey } from "@hardened-mcp/auth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";
import { type SecretFolder, secretFolder } from "./support/folder.ts";
import { auth, open, refusalOf, state } from "./support/security.ts";

let folder: SecretFolder;
beforeEach(() => {
  folder = secretFolder();
});
afterEach(() => folder[Symbol.dispose]());

const sqlite = () => state({ url: `sqlite://${join(folder.path, "state.db")}` });
const issuer = { issuer: "https://idp.example.com" };

/** Opens, and makes the server that a policy is held against. */
async function start(config: Parameters<typeof open>[0]): Promise<void> {
  const { security } = await open(config);
  testServer({ tools: [echoTool()], ...security.serverOptions });
}

describe("what cannot be used", () => {
  const CASES: readonly [what: string, config: () => Parameters<typeof open>[0], message: RegExp][] = [
    [
      "an API key with half a hash",
      () => ({ auth: auth({ apiKeys: [{ id: "ci", hash: "sha256:x", subject: "ci", scopes: [] }] }) }),
      /auth\.apiKeys\[0\]\.hash/,
    ],
    ["two API keys of one id", () => ({ auth: auth({ apiKeys: [key("ci"), key("ci")] }) }), /auth\.apiKeys\[1\]\.id/],
    [
      "an algorithm that anybody can sign with",
      () => ({ auth: auth({ issuers: [{ ...issuer, algorithms: ["HS256"] }] }) }),
      /HS256|algorithms/,
    ],
    [
      "opaque tokens and nobody to ask",
      () => ({ auth: auth({ issuers: [{ ...issuer, tokens: "opaque" }] }) }),
      /introspection/,
    ],
    [
      "a client secret that is not there",
      () => ({ auth: auth({ issuers: [withSecret(join(folder.path, "gone"))] }) }),
      /clientSecretFile: .* cannot be read/,
    ],
    [
      "a client secret that is a line end",
      () => ({ auth: auth({ issuers: [withSecret(folder.write("nothing", "\n"))] }) }),
      /clientSecretFile: .* is empty/,
    ],
    [
      "an authority that is not there",
      () => ({ auth: auth({ issuers: [{ ...issuer, caFile: "/gone" }] }) }),
      /caFile: \/gone cannot be read/,
    ],
    ["nobody at all", () => ({ auth: auth({}) }), /issuers|apiKeys/],
    [
      "tokens that outlive revocations",
      () => ({ auth: auth({ apiKeys: [key("ci")], maxAgeS: 31_536_000 }), state: sqlite() }),
      /auth\.maxAgeS: /,
    ],
    ["a policy that is not there", () => ({ policy: join(folder.path, "gone.cedar") }), /gone\.cedar/],
    ["a folder without policies", () => ({ policy: folder.path }), /no \.cedar file/],
    ["a policy that is no Cedar", () => ({ policy: folder.write("a.cedar", "permit everyone;") }), /a\.cedar:1/],
    [
      "a policy for a tool that there is not",
      () => ({
        policy: folder.write(
          "a.cedar",
          `// line 1\n\npermit (principal,\n  action == test::Action::"ecoh",\n  resource);\n`,
        ),
      }),
      /a\.cedar:4.*"ecoh".*"echo"/s,
    ],
    [
      "a policy for an argument that there is not",
      () => ({
        policy: folder.write(
          "a.cedar",
          `permit (principal, action == test::Action::"echo", resource)\nwhen { context.args.txet == "x" };`,
        ),
      }),
      /a\.cedar:\d.*txet/s,
    ],
    ["a scope to step up to that nothing needs", () => ({ stepUp: ["echo:uze"] }), /"echo:uze".*"echo:use"/],
  ];
  const withSecret = (clientSecretFile: string) => ({
    ...issuer,
    tokens: "opaque" as const,
    introspection: { clientId: "mcp", clientSecretFile },
  });
  const key = (id: string) => {
    const { hash } = createApiKey({ id, subject: id, scopes: [] }).entry;
    return { id, hash, subject: id, scopes: [] };
  };

  it.each(CASES)("is bad configuration, whichever package finds it: %s", async (_, config, message) => {
    const refusal = await refusalOf(() => start(config()));
    expect(refusal.message).toMatch(message);
    expect(refusal.exitCode).toBe(78);
  });
});

describe("what is opened", () => {
  it("is nothing where nothing is configured: the server's own defaults do", async () => {
    const { security, sink } = await open({});
    expect(security.serverOptions).toEqual({});
    expect(security.httpOptions).toEqual({});
    await security.close();
    expect(sink.events).toEqual([]);
  });

  it("shares limits and switches through the state, between two servers of one machine", async () => {
    const [first, second] = [await open({ state: sqlite() }), await open({ state: sqlite() })];
    const limits = { callsPerMinute: 3 };
    const servers = [first, second].map(({ security }) =>
      testServer({ tools: [echoTool()], ...security.serverOptions, limits }),
    );
    const answers = [];
    for (let at = 0; at < 6; at++) {
      const { server } = servers[at % 2] ?? servers[0] ?? testServer();
      answers.push(await walk(server, { principal: alice }));
    }
    expect(answers.map((answer) => (answer.ok ? "ok" : errorOf(answer).code))).toEqual([
      ...Array(3).fill("ok"),
      ...Array(3).fill("rate_limited"),
    ]);
    await Promise.all([first.security.close(), second.security.close()]);
  });

  it("is closed by close: what comes after gets no answer from the state", async () => {
    const { security } = await open({ state: sqlite() });
    const { server } = testServer({ tools: [echoTool()], ...security.serverOptions });
    expect(await walk(server, { principal: alice })).toMatchObject({ ok: true });
    await security.close();
    await security.close();
    const enabled = testServer({
      tools: [echoTool({ effect: "write" })],
      enable: ["write"],
      ...security.serverOptions,
    });
    expect(errorOf(await walk(enabled.server, { principal: alice }))).toMatchObject({ code: "unavailable" });
  });
});
