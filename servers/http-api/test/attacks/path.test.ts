import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTSIDE_CANARY } from "../support/upstreams/index.ts";
import { type Attacked, attacked } from "./support/attacked.ts";

/** Values for a place in the path: what peers climbed by (CVE-2026-32871, mcphub #1083), and its relatives. */
const SEGMENTS: readonly string[] = [
  "..",
  ".",
  "../../admin",
  "../detail",
  "/admin",
  "//127.0.0.2/stolen",
  "http://127.0.0.2/stolen",
  "%2e%2e",
  "%2e",
  ".%2e",
  "%2E%2E/detail",
  "%2e%2e%2fdetail",
  "%252e%252e",
  "..%2f..%2fadmin",
  "..%5c..%5cadmin",
  "..\\..\\admin",
  "\\\\127.0.0.2\\stolen",
  "..;/admin",
  "..;a=b",
  "a;b=c",
  "a/b",
  "a%2Fb",
  "a%2fb",
  "a\\b",
  "a?x=1",
  "a#b",
  "a&b=c",
  "a%00b",
  "a\u0000b",
  "a\r\nHost: 127.0.0.2",
  "a\nb",
  "a\tb",
  ".\t.",
  ".\n.",
  " ..",
  ".. ",
  " ",
  "",
  "%",
  "%zz",
  "@127.0.0.2",
  ":8080",
  "{id}",
  "．．",
  "‥",
  "。。",
  "%c0%ae%c0%ae",
  "a\u202eb",
  "é",
  "😀",
  "x".repeat(300),
];

/** The one segment of a target that the value of `id` may be in. */
const TARGET = /^\/v1\/users\/([^/?#\\]+)\/files\/x\/detail$/;

describe("what is put into a path", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(SEGMENTS)("stays in its segment, or is refused: %j", async (id) => {
    const before = stage.api.requests.length;
    const answer = await stage.call("get_user_file", { id, name: "x" });
    const sent = stage.api.requests.slice(before);
    expect(answer.text).not.toContain(OUTSIDE_CANARY);
    expect(stage.api.climbed()).toEqual([]);
    if (answer.isError) {
      expect(answer.code).toBe("invalid_input");
      expect(sent).toEqual([]);
    } else {
      expect(sent).toHaveLength(1);
      const [, segment = ""] = TARGET.exec(sent[0]?.target ?? "") ?? [];
      expect(decodeURIComponent(segment)).toBe(id);
      // As a router that folds once would see it.
      expect(new URL(sent[0]?.target ?? "", "http://upstream").pathname).toBe(sent[0]?.target);
    }
  });

  it.each(["getUser", "get_user_file"])("%s takes what is harmless", async (tool) => {
    const args = tool === "getUser" ? { id: "ada-1" } : { id: "ada-1", name: "notes.txt" };
    const answer = await stage.call(tool === "getUser" ? "get_user" : tool, args);
    expect(answer.isError).toBe(false);
    expect(answer.text).toContain("/v1/users/ada-1");
  });

  it("reaches nothing but the API, whatever was asked", () => {
    expect(stage.other.requests).toEqual([]);
    expect(stage.liar.requests).toEqual([]);
  });
});
