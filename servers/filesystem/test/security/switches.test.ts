import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRevocations, type RevocationTarget } from "../../../../packages/auth/src/index.ts";
import { createSwitches, type Switch } from "../../../../packages/policy/src/index.ts";
// The built one, as the packages above use it: an error of its source is no instance of theirs.
import { openState, type StateStore } from "../../../../packages/state/dist/index.js";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { codeOf, type SecureServer, startSecure } from "./support/server.ts";

const scopes = ["files:read"];
const caller = (given: object = {}) => ({ scopes, ...given });

let folder: TestFolder;
let server: SecureServer;
/** The operator's own connection to the state. */
let store: StateStore;

beforeAll(async () => {
  folder = testFolder({ "a.txt": "hello" });
  const url = `sqlite://${join(folder.path, "state/state.db")}`;
  server = await startSecure(folder, {
    config: { state: { url } },
    callers: {
      alice: caller({ client: "editor" }),
      bob: caller({ client: "browser" }),
      carol: caller({ client: "rogue" }),
      dave: caller(),
      "eve-laptop": caller({ subject: "eve" }),
      "eve-phone": caller({ subject: "eve" }),
      "mallory-1": caller({ subject: "mallory" }),
      "mallory-2": caller({ subject: "mallory" }),
      "build-1": caller({ client: "ci" }),
      "build-2": caller({ client: "ci" }),
    },
  });
  const macKeys = [readFileSync(join(folder.path, "state/state.db.key"))];
  store = await openState(url, { namespace: "hardened-mcp", macKeys });
});
afterAll(async () => {
  await store.close();
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const read = async (who: string, name = "read_text_file"): Promise<string> =>
  codeOf(await server.ask(who, "tools/call", { name, arguments: { path: "a.txt" } }));
const tools = async (who: string): Promise<string[]> => {
  const { message } = await server.ask(who, "tools/list");
  return ((message.result?.["tools"] ?? []) as { name: string }[]).map(({ name }) => name);
};
const changes = (of: Switch) =>
  server
    .records()
    .filter(({ type }) => type === "switch.changed")
    .map(({ detail }) => detail as Record<string, unknown>)
    .filter(
      (detail) =>
        detail["switch"] === of.kind &&
        Object.entries(of).every(([key, value]) => key === "kind" || detail[key] === value),
    );

describe("an operator's switch", () => {
  const CASES: readonly [what: Switch, hit: () => Promise<string>, code: string, spared: () => Promise<string>][] = [
    [
      { kind: "tool", name: "get_file_info", server: "filesystem" },
      () => read("alice", "get_file_info"),
      "not_found",
      () => read("alice"),
    ],
    [{ kind: "tool", name: "read_file" }, () => read("alice", "read_file"), "not_found", () => read("alice")],
    [{ kind: "client", client: "rogue" }, () => read("carol"), "not_found", () => read("alice")],
    [{ kind: "subject", issuer: "key", subject: "bob" }, () => read("bob"), "not_found", () => read("alice")],
  ];

  it.each(CASES)(
    "holds from the next call on, without a restart, and is on record: %j",
    async (what, hit, code, spared) => {
      const switches = createSwitches({ store });
      expect(await hit()).toBe("ok");
      await switches.set(what, { who: "olga", why: "incident 7" });
      expect(await hit()).toBe(code);
      expect(await spared()).toBe("ok");
      await switches.clear(what);
      expect(await hit()).toBe("ok");
      const head = { who: "olga", why: "incident 7", at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) };
      expect(changes(what)).toMatchObject([
        { is: "on", ...head },
        { is: "off", ...head },
      ]);
    },
  );

  it("takes a tool out of the list as well, and everything out of a subject's", async () => {
    const switches = createSwitches({ store });
    const [tool, subject] = [
      { kind: "tool", name: "search_files" },
      { kind: "subject", issuer: "key", subject: "dave" },
    ] as const;
    expect(await tools("dave")).toContain("search_files");
    await switches.set(tool, { who: "olga", why: "x" });
    expect(await tools("dave")).not.toContain("search_files");
    await switches.set(subject, { who: "olga", why: "x" });
    expect(await tools("dave")).toEqual([]);
    await Promise.all([switches.clear(tool), switches.clear(subject)]);
    expect(await tools("dave")).toContain("search_files");
  });

  it("for another server, or another issuer's subject, changes nothing here", async () => {
    const switches = createSwitches({ store });
    const others: readonly Switch[] = [
      { kind: "tool", name: "list_directory", server: "database" },
      { kind: "subject", issuer: "https://idp.example.com", subject: "alice" },
    ];
    for (const one of others) await switches.set(one, { who: "olga", why: "x" });
    expect(await tools("alice")).toContain("list_directory");
    expect(await read("alice")).toBe("ok");
    for (const one of others) await switches.clear(one);
  });

  it("to read-only leaves reading alone", async () => {
    const switches = createSwitches({ store });
    await switches.set({ kind: "read-only" }, { who: "olga", why: "migration" });
    expect(await read("alice")).toBe("ok");
    await switches.clear({ kind: "read-only" });
    await read("alice");
    expect(changes({ kind: "read-only" })).toMatchObject([{ is: "on" }, { is: "off" }]);
  });

  it("runs out by itself after its time", async () => {
    const what = { kind: "tool", name: "directory_tree" } as const;
    await createSwitches({ store }).set(what, { who: "olga", why: "x", forMs: 1_000 });
    expect(await read("alice", "directory_tree")).toBe("not_found");
    await expect.poll(() => tools("alice"), { timeout: 5_000 }).toContain("directory_tree");
  });

  it("cannot be forged by whoever can write to the state but has no key", async () => {
    // What an attacker can do is end the server's trust in the state; calls are refused then, and nothing is let through.
    const forger = await openState(`sqlite://${join(folder.path, "state/state.db")}`, {
      namespace: "hardened-mcp",
      macKeys: [Buffer.alloc(32, 1)],
    });
    await createSwitches({ store: forger }).set(
      { kind: "subject", issuer: "key", subject: "alice" },
      { who: "x", why: "x" },
    );
    expect(await read("alice")).toBe("unavailable");
    await createSwitches({ store }).clear({ kind: "subject", issuer: "key", subject: "alice" });
    expect(await read("alice")).toBe("ok");
    await forger.close();
  });
});

describe("a revocation", () => {
  const CASES: readonly [target: RevocationTarget, hit: readonly string[], spared: string][] = [
    [{ kind: "token", issuer: "key", jti: "eve-laptop" }, ["eve-laptop"], "eve-phone"],
    [{ kind: "subject", issuer: "key", subject: "mallory" }, ["mallory-1", "mallory-2"], "eve-phone"],
    [{ kind: "client", issuer: "key", client: "ci" }, ["build-1", "build-2"], "eve-phone"],
  ];

  it.each(CASES)("holds from the next call on, without a restart: %j", async (target, hit, spared) => {
    for (const who of hit) expect(await read(who)).toBe("ok");
    await createRevocations(store).revoke({ target, by: "olga", why: "lost" });
    for (const who of hit) expect(await read(who)).toBe("unauthenticated");
    expect(await read(spared)).toBe("ok");
    expect(
      server
        .records()
        .filter(({ type, detail }) => type === "auth.failed" && JSON.stringify(detail).includes("revoked")).length,
    ).toBeGreaterThanOrEqual(hit.length);
  });
});
