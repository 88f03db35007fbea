import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { startRedis } from "../../../../packages/state/test/support/redis.ts";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { CLI } from "../support/session.ts";
import { codeOf, startSecure } from "./support/server.ts";

/** Starts the command on a configuration, with its input at its end: a start that succeeds ends with 0. */
function start(
  folder: TestFolder,
  config: object,
  argv: readonly string[] = [],
  node: readonly string[] = [],
): SpawnSyncReturns<string> {
  const file = folder.writeOutside("config.json", JSON.stringify({ roots: [folder.root], ...config }));
  return spawnSync(process.execPath, [...node, CLI, "--config", file, "--audit-dir", folder.audit, ...argv], {
    encoding: "utf8",
    input: "",
    timeout: 20_000,
  });
}

const http = { port: 0 };
const key32 = "k".repeat(32);
const secret = (folder: TestFolder, name: string, content: string): string => {
  const path = folder.writeOutside(name, content);
  spawnSync("chmod", ["600", path]);
  return path;
};

describe("a secret that clients could read", () => {
  const inside = (folder: TestFolder, name: string, content = key32): string => {
    const path = folder.write(name, content);
    spawnSync("chmod", ["600", path]);
    return path;
  };
  const CASES: readonly [what: string, config: (folder: TestFolder) => object][] = [
    ["the database of the state", (folder) => ({ state: { url: `sqlite://${folder.root}/state.db` } })],
    [
      "that database, named in a file",
      (folder) => ({ state: { urlFile: secret(folder, "url", `sqlite://${folder.root}/state.db`) } }),
    ],
    [
      "the key of the state",
      (folder) => ({ state: { url: `sqlite://${folder.path}/s.db`, keyFile: inside(folder, "x.dat") } }),
    ],
    [
      "an older key",
      (folder) => ({ state: { url: `sqlite://${folder.path}/s.db`, olderKeyFiles: [inside(folder, "x.dat")] } }),
    ],
    [
      "the file with the URL",
      (folder) => ({ state: { urlFile: inside(folder, "url", `sqlite://${folder.path}/s.db`) } }),
    ],
    [
      "the key of TLS",
      (folder) => ({ http: { ...http, tls: { certFile: "/c.pem", keyFile: inside(folder, "tls.dat") } } }),
    ],
    ["the policies", (folder) => ({ policy: folder.write("p.cedar", "permit (principal, action, resource);") })],
    [
      "a client secret",
      (folder) => ({
        http,
        auth: {
          resource: "https://localhost/mcp",
          issuers: [
            {
              issuer: "https://idp.example.com",
              tokens: "opaque",
              introspection: { clientId: "x", clientSecretFile: inside(folder, "client.dat") },
            },
          ],
        },
      }),
    ],
  ];

  it.each(CASES)("keeps the server from starting: %s", (_, config) => {
    using folder = testFolder();
    const { status, stderr } = start(folder, config(folder));
    expect(stderr).toMatch(/can be read through the served directory .* Move it/);
    expect(status).toBe(78);
  });
});

describe("a start that fails", () => {
  const policy = (folder: TestFolder): string =>
    folder.writeOutside("p.cedar", 'permit (principal,\naction == filesystem::Action::"read_txt_file", resource);');

  it("for a policy with an unknown tool says where, and what was meant", () => {
    using folder = testFolder();
    const { status, stderr } = start(folder, {}, ["--policy", policy(folder)]);
    expect(stderr).toMatch(/p\.cedar:2: .*"read_txt_file".*Did you mean "read_text_file"\?/);
    expect(status).toBe(78);
  });

  it("ends, with a connection to the state open", async () => {
    using folder = testFolder();
    const redis = await startRedis();
    const state = { url: redis.url, keyFile: secret(folder, "state.key", key32) };
    const { status, signal } = start(folder, { state, policy: policy(folder) });
    await redis.stop();
    expect({ status, signal }).toEqual({ status: 78, signal: null });
  });

  it("ends where its port is taken, and closes its log", async () => {
    using folder = testFolder();
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    const { status, signal } = start(folder, { http: { port } });
    holder.close();
    expect({ status, signal }).toEqual({ status: 1, signal: null });
  });

  it.each(["redis://127.0.0.1:1", "postgres://127.0.0.1:1/db"])(
    "for a state that is away is another exit code: %s",
    (url) => {
      using folder = testFolder();
      const { status, stderr } = start(folder, { state: { url, keyFile: secret(folder, "state.key", key32) } });
      expect(stderr).toContain("ECONNREFUSED");
      expect(status).toBe(69);
    },
  );

  it("prints no password, not even when asked for the configuration", () => {
    using folder = testFolder();
    const { status, stdout, stderr } = start(folder, { state: { url: "redis://:hunter2@h/0" } }, ["--print-config"]);
    expect(stderr).toContain("state.urlFile");
    expect(stdout + stderr).not.toContain("hunter2");
    expect(status).toBe(78);
  });
});

describe("what is loaded", () => {
  const HEAVY = ["jose", "cedar-wasm", "rate-limiter-flexible", "ioredis", "pg", "better-sqlite3"];

  /** The heavy packages that one start loads, by what Node itself says it loads. */
  function loaded(folder: TestFolder, config: object): readonly string[] {
    const list = folder.writeOutside("loaded", "");
    const spy = folder.writeOutside(
      "spy.mjs",
      `import { registerHooks } from "node:module";
       import { appendFileSync } from "node:fs";
       registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + "\\n"); return next(url, context); } });`,
    );
    const { status, stderr } = start(folder, config, [], ["--import", spy]);
    expect(stderr.includes("hardened-mcp-filesystem:"), stderr).toBe(false);
    expect(status).toBe(0);
    const urls = readFileSync(list, "utf8").split("\n");
    return HEAVY.filter((name) => urls.some((url) => new RegExp(`/node_modules/(?:@[\\w-]+/)?${name}/`).test(url)));
  }

  it("on stdio without configuration is none of what tokens, policies and stores need", () => {
    using folder = testFolder();
    expect(loaded(folder, {})).toEqual([]);
  });

  it("is what the configuration names", () => {
    using folder = testFolder();
    const policy = folder.writeOutside("p.cedar", "permit (principal, action, resource);");
    expect(loaded(folder, { state: { url: `sqlite://${folder.path}/s.db` } })).toEqual([
      "rate-limiter-flexible",
      "better-sqlite3",
    ]);
    expect(loaded(folder, { policy })).toEqual(["cedar-wasm"]);
  });
});

describe("a renewed certificate", () => {
  it("is served after SIGHUP, to the same callers, and is on record", async () => {
    using folder = testFolder({ "a.txt": "hello" });
    await using server = await startSecure(folder, { callers: { alice: { scopes: ["files:read"] } } });
    const fingerprint = async (): Promise<string> => {
      const socket = connect({ host: "127.0.0.1", port: server.port, ca: server.ca.cert, servername: "localhost" });
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const seen = () =>
      server
        .records()
        .filter(({ type, detail }) => type === "config.loaded" && (detail as { what: string }).what === "tls")
        .map(({ detail }) => (detail as { outcome: string }).outcome);
    const before = await fingerprint();
    server.renew(await server.ca.issue());
    server.process.kill("SIGHUP");
    await expect.poll(fingerprint, { timeout: 5_000 }).not.toBe(before);
    expect(codeOf(await server.ask("alice", "tools/list"))).toBe("ok");
    expect(seen()).toEqual(["loaded", "loaded"]);
    // One that does not fit is not taken, and the one in service goes on.
    const good = await fingerprint();
    server.renew({ cert: (await server.ca.issue()).cert, key: (await server.ca.issue()).key });
    server.process.kill("SIGHUP");
    await expect.poll(seen, { timeout: 5_000 }).toContain("refused");
    expect(await fingerprint()).toBe(good);
  });
});
