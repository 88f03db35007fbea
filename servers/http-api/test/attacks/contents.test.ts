import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERROR_CANARY, HIDDEN, HIDDEN_CHARACTERS, INJECTION, INTERNAL_CANARY } from "../support/upstreams/index.ts";
import { type Attacked, attacked, CREDENTIALS } from "./support/attacked.ts";

/** A credential in every form that an upstream might hand it back in. */
const FORMS = [
  CREDENTIALS.reference,
  Buffer.from(CREDENTIALS.reference).toString("base64").replace(/=+$/, ""),
  encodeURIComponent(CREDENTIALS.reference),
];

describe("what an honest API answers, and no model may see", () => {
  let stage: Attacked;
  beforeAll(async () => {
    // Errors are what it is asked for here.
    const upstream = { retryDelayMs: 1, breaker: { failures: 1000 } };
    const byLink = { pagination: { type: "link" } };
    const operations = { set: { pageByLink: byLink, pageByForeignLink: byLink } };
    stage = await attacked({ api: () => ({ upstream, operations }) });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each([400, 401, 403, 404, 409, 410, 412, 413, 418, 422, 429, 500, 501, 502, 503, 504, 511, 599])(
    "the body of a %i",
    async (code) => {
      const answer = await stage.call("answer_with_status", { code });
      expect(answer.isError).toBe(true);
      expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${ERROR_CANARY}|pool\\.js|/srv/app`));
    },
  );

  it("our own key, echoed in its body and a header", async () => {
    const text = JSON.stringify(await stage.call("tell_credential"));
    for (const form of FORMS) expect(text).not.toContain(form);
    expect(stage.api.count("/v1/credential")).toBe(1);
  });

  it.each(Object.keys(HIDDEN).filter((kind) => kind !== "variation"))("characters that hide: %s", async (kind) => {
    const answer = await stage.call("read_text", { kind });
    // What has NUL in it is no text.
    expect(answer.isError).toBe(kind === "controls");
    expect(JSON.stringify(answer.structured)).not.toMatch(HIDDEN_CHARACTERS);
    expect(answer.text).not.toMatch(HIDDEN_CHARACTERS);
  });

  it("characters that hide in JSON, in values and in keys", async () => {
    const answer = await stage.call("hidden_in_json");
    expect(answer.isError).toBe(false);
    expect(JSON.stringify(answer.structured)).not.toMatch(HIDDEN_CHARACTERS);
    expect(answer.text).not.toMatch(/\\u(?:001b|009b|200b|202e|2066|feff)/i);
  });

  it("what a page hides from people", async () => {
    const answer = await stage.call("read_text", { kind: "html" });
    expect(answer.text).toContain("Sunny, 21 degrees");
    expect(answer.text).toContain("Monday");
    expect(answer.text).not.toMatch(/\((?:display|hidden|size|comment|template|title)\)/);
    expect(answer.text).not.toMatch(/<script|javascript:|pixel|http-equiv/);
    expect(answer.text).not.toContain(INTERNAL_CANARY);
    expect(stage.other.requests).toEqual([]);
  });

  it.each(["get_item", "undeclared", "mismatch", "list_items", "large_list"])(
    "fields that no schema declares: %s",
    async (tool) => {
      const args = tool === "get_item" ? { id: 1 } : tool === "large_list" ? { count: 100 } : {};
      const answer = await stage.call(tool, args);
      expect(JSON.stringify(answer)).not.toContain(INTERNAL_CANARY);
    },
  );

  it("says that an answer does not fit its schema", async () => {
    const answer = await stage.call("mismatch");
    if (!answer.isError) expect(answer.structured?.["notes"]).toBeDefined();
  });

  it("never rounds an integer", async () => {
    const text = JSON.stringify(await stage.call("big_integers"));
    expect(text).not.toMatch(/9007199254740992|18446744073709552000/);
  });

  it("marks what came from outside as data", async () => {
    const answer = await stage.call("read_text", { kind: "csv" });
    expect(answer.text).toContain(INJECTION);
    expect(answer.text).toMatch(/untrusted/i);
  });

  it("asks for no page at another origin", async () => {
    const own = await stage.call("page_by_link");
    expect(own.structured?.["next"]).toEqual({ page: 2 });
    const foreign = await stage.call("page_by_foreign_link");
    expect(foreign.isError).toBe(false);
    expect(foreign.structured?.["next"]).toBeUndefined();
    expect(foreign.text).not.toContain(stage.other.origin);
  });

  it("offers nothing that writes without --allow-write", async () => {
    const names = (await stage.session.listTools()).map(({ name }) => name);
    expect(names).toContain("reference_get_item");
    expect(names.filter((name) => /create|replace|patch|delete|pay|upload/.test(name))).toEqual([]);
    const answer = await stage
      .call("delete_item", { id: 1 })
      .catch((error: Error) => ({ isError: true, text: error.message }));
    expect(answer.isError).toBe(true);
    expect(stage.api.items.has(1)).toBe(true);
  });

  it("left nothing of the key or of an error in any answer, log or record", () => {
    const said = stage.everythingSaid();
    expect(said).toContain("answer_with_status");
    for (const canary of [...FORMS, ERROR_CANARY, INTERNAL_CANARY]) expect(said).not.toContain(canary);
  });
});
