import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, codeOf, type SecureServer, startSecure } from "../../../test/support/secure-server.ts";
import { SHOP, type TestFolder, testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";

const scopes = ["database:read", "database:write", "shop:report"];

const rules = {
  tables: {
    customers: {
      mask: { email: { as: "partial", keepLast: 4, exceptRoles: ["support"] } },
      filter: { where: "tenant = identity('tenant')", exceptRoles: ["auditor"] },
    },
    orders: {},
    notes: { write: ["insert", "delete"] },
    secrets: { roles: ["auditor"] },
  },
};

const queries = {
  report: { source: "shop", sql: "select count(*) as n from customers", description: "Counts.", scope: "shop:report" },
};

/** Who may what: by role, by source, by table, by effect. */
const POLICY = `
@id("readers") permit (principal in Role::"reader", action in Action::"read", resource);
@id("clerks") permit (principal in Role::"clerk", action == database::Action::"query", resource)
when { context.args.source == "shop" };
@id("tables") permit (principal in Role::"lister", action == database::Action::"describe_table", resource)
when { context.args.table == "orders" };
@id("adders") permit (principal in Role::"adder", action in Action::"write", resource);
@id("reports") permit (principal in Role::"reporter", action == database::Action::"report", resource);
`;

describe("callers with tokens", () => {
  let folder: TestFolder;
  let server: SecureServer;
  beforeAll(async () => {
    folder = testFolder(
      `${SHOP}\ncreate table notes (id integer primary key, note text);\ninsert into notes values (1, 'x'), (2, 'y');`,
    );
    server = await startSecure({
      cli: CLI,
      folder: folder.path,
      audit: folder.audit,
      args: ["--allow-write"],
      callers: {
        acme: { scopes, roles: ["reader"], tenant: "acme" },
        globex: { scopes, roles: ["reader"], tenant: "globex" },
        nobody: { scopes, roles: ["reader"] },
        support: { scopes, roles: ["reader", "support"], tenant: "acme" },
        auditor: { scopes, roles: ["reader", "auditor"] },
        clerk: { scopes, roles: ["clerk"], tenant: "acme" },
        lister: { scopes, roles: ["lister"] },
        adder: { scopes, roles: ["adder"] },
        reporter: { scopes: ["shop:report"], roles: ["reporter"], tenant: "acme" },
        "without-scope": { scopes: [], roles: ["reader"], tenant: "acme" },
      },
      config: {
        sources: {
          shop: { type: "sqlite", file: folder.shop, rules },
          archive: { type: "sqlite", file: folder.shop },
        },
        queries,
        policy: folder.write("policy.cedar", POLICY),
        auditDir: join(folder.path, "audit"),
      },
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const call = (who: string, name: string, args: object): Promise<Answer> =>
    server.ask(who, "tools/call", { name, arguments: args });
  const rows = ({ message }: Answer): unknown =>
    (message.result?.["structuredContent"] as { rows?: unknown } | undefined)?.rows ?? message;
  const query = async (who: string, sql: string, source = "shop") => rows(await call(who, "query", { source, sql }));

  it.each([
    ["acme", [["Ada", "*******************.com"]]],
    ["globex", [["Bob", "*******************.com"]]],
    ["nobody", []],
    ["support", [["Ada", "canary-ada@example.com"]]],
  ])("%s sees the rows and columns that its tenant and its roles give it", async (who, expected) => {
    const seen = (await query(who, "select name, email from customers order by name")) as string[][];
    expect(seen.map(([name]) => name)).toEqual((expected as string[][]).map(([name]) => name));
    for (const [at, [, email]] of seen.entries()) {
      const shown = (expected as string[][])[at]?.[1];
      if (shown?.includes("@")) expect(email).toBe(shown);
      else expect(email).toMatch(/^[^a-z@]+\.com$/);
    }
  });

  it("shows every row to who is excepted, and a table of its own", async () => {
    expect(await query("auditor", "select name from customers order by name")).toEqual([["Ada"], ["Bob"]]);
    expect(await query("auditor", "select count(*) from secrets")).toEqual([[2]]);
    expect(codeOf(await call("acme", "query", { source: "shop", sql: "select count(*) from secrets" }))).toBe(
      "not_found",
    );
  });

  it("does not give what was prepared for one caller to another", async () => {
    const sql = "select name, email from customers order by name";
    const asked = await Promise.all(
      Array.from({ length: 24 }, (_, at) => query(["acme", "globex", "support"][at % 3] ?? "", sql)),
    );
    for (const [at, answer] of asked.entries()) expect(answer).toEqual(asked[at % 3]);
    expect(asked[0]).not.toEqual(asked[2]);
  });

  it.each([
    ["clerk", "query", { source: "shop", sql: "select 1" }, "ok"],
    ["clerk", "query", { source: "archive", sql: "select 1" }, "denied"],
    ["clerk", "list_tables", { source: "shop" }, "not_found"],
    ["lister", "describe_table", { source: "shop", table: "orders" }, "ok"],
    ["lister", "describe_table", { source: "shop", table: "customers" }, "denied"],
    ["reporter", "report", {}, "ok"],
    ["reporter", "query", { source: "shop", sql: "select 1" }, "not_found"],
    ["without-scope", "query", { source: "shop", sql: "select 1" }, "not_found"],
    ["adder", "execute", { source: "shop", sql: "insert into notes (note) values ('x')" }, "ok"],
    ["adder", "execute", { source: "shop", sql: "delete from notes where id = 1" }, "denied"],
    ["adder", "query", { source: "shop", sql: "select 1" }, "not_found"],
    ["acme", "execute", { source: "shop", sql: "insert into orders (note) values ('x')" }, "not_found"],
  ])("%s calling %s %j: %s", async (who, name, args, expected) => {
    expect(codeOf(await call(who, name, args))).toBe(expected);
  });

  it("shows each caller the tools it may use", async () => {
    const names = async (who: string) =>
      ((await server.ask(who, "tools/list")).message.result as { tools: { name: string }[] }).tools.map(
        ({ name }) => name,
      );
    expect(await names("adder")).toEqual(["execute"]);
    expect(await names("reporter")).toEqual(["report"]);
    expect(await names("lister")).toEqual(["describe_table"]);
    expect(await names("acme")).toEqual(expect.not.arrayContaining(["execute"]));
  });

  it("has each caller's rules hold for saved queries", async () => {
    expect(rows(await call("acme", "report", {}))).toEqual([[1]]);
    expect(rows(await call("auditor", "report", {}))).toEqual([[2]]);
    expect(rows(await call("nobody", "report", {}))).toEqual([[0]]);
  });
});
