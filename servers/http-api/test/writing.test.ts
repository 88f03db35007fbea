import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { body, code, openApi } from "./support/session.ts";
import { referenceApi } from "./support/upstreams/index.ts";

const WRITE = ["createItem", "deleteItem", "PUT /items/{id}"];
/** Everybody may destroy without being asked. */
const CARELESS = `@id("all") @approval("none") permit (principal, action, resource);`;
const item = { body: { name: "lamp", price: 3 } };

describe("operations that write", () => {
  it("do not exist without --allow-write, listed or not", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    await using session = await openApi(folder, api, { api: { operations: { write: WRITE } } });
    const names = (await session.listTools()).map(({ name }) => name);
    expect(names).toContain("get_item");
    expect(names.filter((name) => /create|delete|replace|pay/.test(name))).toEqual([]);
    await expect(session.call("create_item", item)).rejects.toThrow("There is no such tool");
    expect(api.requests).toEqual([]);
  });

  it("do not exist where they are not listed, with --allow-write or not", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    await using session = await openApi(folder, api, { args: ["--allow-write"] });
    expect((await session.listTools()).filter(({ name }) => /create|delete|pay/.test(name))).toEqual([]);
  });

  it("write where both are given, and what destroys waits for a human", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const operations = { write: WRITE };
    await using session = await openApi(folder, api, { args: ["--allow-write"], api: { operations } });
    expect(await body(session, "create_item", item)).toMatchObject({ name: "lamp" });
    expect(await code(session, "delete_item", { id: 1 })).toBe("approval_required");
    expect(api.count("/v1/items/1")).toBe(0);
    expect(api.items.has(1)).toBe(true);
  });

  it("destroy where a policy asks nobody", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const policy = folder.write("all.cedar", CARELESS);
    const operations = { write: WRITE };
    await using session = await openApi(folder, api, {
      args: ["--allow-write", "--policy", policy],
      api: { operations },
    });
    expect(await code(session, "delete_item", { id: 1 })).toBe("ok");
    expect(api.items.has(1)).toBe(false);
  });

  it("are as grave as the configuration says", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const operations = { write: ["pay"], set: { pay: { effect: "external" } } };
    await using session = await openApi(folder, api, { args: ["--allow-write"], api: { operations } });
    expect(await code(session, "pay", { body: { amount: 5 } })).toBe("approval_required");
    expect(api.count("/v1/payments")).toBe(0);
  });

  it("send a key of ours, so that a retry pays once", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const operations = { write: ["pay"], set: { pay: { idempotencyHeader: "Idempotency-Key" } } };
    const upstream = { retryDelayMs: 1 };
    await using session = await openApi(folder, api, { args: ["--allow-write"], api: { operations, upstream } });
    expect(await code(session, "pay", { body: { amount: 5 }, failures: 1 })).toBe("ok");
    expect(api.count("/v1/payments")).toBe(2);
  });

  it("are sent once, where there is no such key", async () => {
    using folder = testFolder();
    await using api = await referenceApi();
    const operations = { write: ["payWithoutKey"] };
    await using session = await openApi(folder, api, { args: ["--allow-write"], api: { operations } });
    const answer = await session.call("pay_without_key", { body: { amount: 5 }, failures: 1 });
    expect(answer.code).toBe("unavailable");
    expect(answer.text).toContain("It may have been carried out");
    expect(answer.structured?.["error"]).toMatchObject({ retryable: false });
    expect(api.count("/v1/plain-payments")).toBe(1);
  });
});
