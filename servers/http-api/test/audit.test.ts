import { describe, expect, it } from "vitest";
import { type AuditLine, testFolder } from "./support/folder.ts";
import { code, openApi } from "./support/session.ts";
import { referenceApi } from "./support/upstreams/index.ts";

const callsOf = (records: readonly AuditLine[], tool: string) =>
  records.filter((record) => (record["tool"] as { name?: string } | undefined)?.name === tool);

describe("the audit log", () => {
  it("has each call, its outcome, and digests of its arguments; no value, no secret, no body", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const token = folder.write("token", "canary-token\n");
    await using session = await openApi(folder, api, {
      api: { credential: { type: "bearer", token: { file: token } } },
    });
    expect(await code(session, "echo", { q: "canary-argument", X_Note: "canary-header" })).toBe("ok");
    await session.call("answer_with_status", { code: 500 });
    const records = folder.records();
    expect(JSON.stringify(records)).not.toMatch(/canary/);
    const echoes = callsOf(records, "echo").filter(({ type }) => type === "call.intent");
    expect(echoes.map(({ args }) => Object.keys((args as { hashed?: object }).hashed ?? {}))).toEqual([["q"]]);
    expect(JSON.stringify(callsOf(records, "answer_with_status"))).toContain("status/500");
  });

  it("has the values of path and query arguments where it is told to", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    await using session = await openApi(folder, api, { config: { auditArguments: "plain" } });
    expect(await code(session, "echo", { q: "shown-argument", X_Note: "canary-header" })).toBe("ok");
    const [intent] = callsOf(folder.records(), "echo");
    expect(JSON.stringify(intent)).toContain("shown-argument");
    expect(JSON.stringify(folder.records())).not.toContain("canary");
  });

  it("shows a document that has changed as a changed tool, and no other", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const definitions = async (document: Readonly<Record<string, unknown>>) => {
      await using session = await openApi(folder, { ...api, document });
      await session.call("get_item", { id: 1 });
      await session.call("get_user", { id: "a" });
      const tools = folder.records().map((record) => record["tool"] as { name: string; def: string } | undefined);
      const of = (name: string) => tools.findLast((tool) => tool?.name === name)?.def;
      return [of("get_item"), of("get_user")];
    };
    const before = await definitions(api.document);
    const changed = structuredClone(api.document) as {
      components: { schemas: { Item: { properties: Record<string, object> } } };
    };
    changed.components.schemas.Item.properties["secret"] = { type: "string" };
    const after = await definitions({ ...changed });
    expect(before.every((one) => typeof one === "string")).toBe(true);
    // A response schema is in no listing, and pinned all the same.
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(folder.records().some(({ type }) => type === "tool.changed")).toBe(true);
  });
});
