import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_CANARY } from "../support/upstreams/index.ts";
import { type Attacked, attacked, bodyOf } from "./support/attacked.ts";

const WRITES = ["createItem", "replaceItem", "deleteItem", "pay", "payWithoutKey", "uploadUrlencoded", "uploadJson"];

describe("what is asked twice", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked({
      args: ["--allow-write"],
      api: () => ({
        operations: { write: WRITES, set: { pay: { idempotencyHeader: "Idempotency-Key" } } },
        upstream: { retryDelayMs: 1, breaker: { failures: 1000 } },
      }),
    });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it("takes effect once where the API has no key for it, and says that it may have", async () => {
    const answer = await stage.call("pay_without_key", { failures: 1, body: { amount: 11 } });
    expect(answer.isError).toBe(true);
    expect(answer.text).not.toContain(ERROR_CANARY);
    expect(stage.api.ledger.effects.filter(({ amount }) => amount === 11)).toHaveLength(1);
    expect(stage.api.count("/v1/plain-payments")).toBe(1);
  });

  it("is asked again under one key where the API has one, and takes effect once", async () => {
    const answer = await stage.call("pay", { failures: 1, body: { amount: 12 } });
    expect(bodyOf(answer)).toMatchObject({ paid: 12, times: 1 });
    expect(stage.api.count("/v1/payments")).toBe(2);
    const keys = stage.api.requests
      .filter(({ target }) => target.startsWith("/v1/payments"))
      .map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/.{16}/);
  });

  it("is asked again where it only reads", async () => {
    expect(bodyOf(await stage.call("flaky", { name: "one", failures: 2 }))).toMatchObject({ name: "one", failed: 2 });
  });

  it("is given up where it goes on failing", async () => {
    const answer = await stage.call("flaky", { name: "ever", failures: 1000 });
    expect(answer.isError).toBe(true);
    expect(stage.api.count("/v1/flaky/ever")).toBe(3);
  });

  it("passes on a Retry-After that is too long to wait for", async () => {
    const answer = await stage.call("flaky", { name: "later", failures: 1, status: 429, retryAfter: "3600" });
    expect([answer.isError, answer.code]).toEqual([true, "rate_limited"]);
    expect(stage.api.count("/v1/flaky/later")).toBe(1);
  });

  it.each([{ name: "a&admin=1", sizes: [1, 2] }, { name: "x=y;z" }])("stays one field of a form: %j", async (body) => {
    const before = stage.api.requests.length;
    await stage.call("upload_urlencoded", { body });
    const [request] = stage.api.requests.slice(before);
    expect(new URLSearchParams(request?.body.toString()).get("name")).toBe(body.name);
    expect(new URLSearchParams(request?.body.toString()).has("admin")).toBe(false);
  });

  it("refuses a key that no schema declares", async () => {
    const before = stage.api.requests.length;
    const answer = await stage.call("create_item", { body: { name: "x", isAdmin: true } });
    expect([answer.code, stage.api.requests.length]).toEqual(["invalid_input", before]);
  });
});
