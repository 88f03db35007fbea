import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, codeOf, type SecureServer, startSecure } from "../../../test/support/secure-server.ts";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";
import { type ReferenceApi, referenceApi } from "./support/upstreams/index.ts";

/** Who may what: by role, by operation, by argument, by effect. */
const POLICY = `
@id("readers") permit (principal in Role::"reader", action in Action::"read", resource);
@id("clerks") permit (principal in Role::"clerk", action == http_api::Action::"get_item", resource)
when { context.args.id == 1 };
@id("writers") permit (principal in Role::"writer", action == http_api::Action::"create_item", resource)
when { context.args.body.name == "lamp" };
`;
const scopes = ["http:read", "http:write"];

describe("callers with tokens", () => {
  let folder: TestFolder;
  let api: ReferenceApi;
  let server: SecureServer;
  beforeAll(async () => {
    folder = testFolder();
    api = await referenceApi();
    server = await startSecure({
      cli: CLI,
      folder: folder.path,
      audit: folder.audit,
      args: ["--allow-write"],
      callers: {
        reader: { scopes, roles: ["reader"] },
        other: { scopes, roles: ["reader"] },
        clerk: { scopes, roles: ["clerk"] },
        writer: { scopes, roles: ["writer"] },
        vault: { scopes: ["vault:open"], roles: ["reader"] },
        "without-scope": { scopes: [], roles: ["reader"] },
      },
      config: {
        apis: {
          api: {
            spec: folder.write("openapi.json", api.document),
            baseUrl: api.baseUrl,
            operations: { write: ["createItem"], set: { getUser: { scope: "vault:open" } } },
          },
        },
        policy: folder.write("policy.cedar", POLICY),
        auditDir: join(folder.path, "audit"),
      },
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const call = (who: string | undefined, name: string, args: object): Promise<Answer> =>
    server.ask(who, "tools/call", { name, arguments: args });
  const lamp = (name = "lamp") => ({ body: { name, price: 1 } });

  it.each([
    ["reader", "get_item", { id: 2 }, "ok"],
    ["reader", "create_item", lamp(), "not_found"],
    ["reader", "get_user", { id: "a" }, "not_found"],
    ["vault", "get_user", { id: "a" }, "ok"],
    ["vault", "get_item", { id: 1 }, "not_found"],
    ["clerk", "get_item", { id: 1 }, "ok"],
    ["clerk", "get_item", { id: 2 }, "denied"],
    ["clerk", "list_items", {}, "not_found"],
    ["writer", "create_item", lamp(), "ok"],
    ["writer", "create_item", lamp("chair"), "denied"],
    ["without-scope", "get_item", { id: 1 }, "not_found"],
  ])("%s calling %s %j: %s", async (who, name, args, expected) => {
    const before = api.requests.length;
    expect(codeOf(await call(who, name, args))).toBe(expected);
    expect(api.requests.length - before).toBe(expected === "ok" ? 1 : 0);
  });

  it("are shown the tools they may use", async () => {
    const names = async (who: string) =>
      ((await server.ask(who, "tools/list")).message.result as { tools: { name: string }[] }).tools.map(
        ({ name }) => name,
      );
    expect(await names("writer")).toEqual(["create_item"]);
    expect(await names("clerk")).toEqual(["get_item"]);
    expect(await names("vault")).toEqual(["get_user"]);
    expect(await names("reader")).toEqual(expect.not.arrayContaining(["create_item", "get_user"]));
  });

  it("are let in by a key of theirs, which never reaches the API", async () => {
    expect((await call(undefined, "get_item", { id: 1 })).status).toBe(401);
    await call("reader", "tell_credential", {});
    const seen = api.requests.at(-1)?.rawHeaders.map(([name]) => name?.toLowerCase());
    expect(seen).not.toContain("authorization");
  });

  it("do not get each other's answers from the cache", async () => {
    const kind = "fresh";
    const asked = async (who: string) => {
      const before = api.count(`/v1/cache/${kind}`);
      expect(codeOf(await call(who, "cached", { kind }))).toBe("ok");
      return api.count(`/v1/cache/${kind}`) - before;
    };
    expect([await asked("reader"), await asked("reader")]).toEqual([1, 0]);
    expect([await asked("other"), await asked("other")]).toEqual([1, 0]);
  });
});
