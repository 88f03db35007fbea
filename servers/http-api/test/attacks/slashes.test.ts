import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTSIDE_CANARY } from "../support/upstreams/index.ts";
import { type Attacked, attacked } from "./support/attacked.ts";

/** Values that are names with slashes between them, to an API that takes them so. */
const NAMES = ["group/project", "a/b/c", "group.one/pro-ject", "gr\u00fcn/\u00e9"];
const CLIMBING = [
  ...["../admin", "a/../../admin", "a/..", "a/.", "/a", "a/", "a//b", "/", "..", "a/%2e%2e/b", "a/..;/b", "a\\b"],
  ...[
    "a%2f..",
    "a%2Fb",
    "a%252fb",
    "a\uff0fb",
    "a/\uff0e\uff0e",
    "a/\u2025/b",
    "a/\u200b../b",
    "a/.%00./b",
    "a/..%5c/b",
  ],
];

describe("a path value that may have slashes, by configuration", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked({ api: () => ({ operations: { set: { getUser: { slashes: "encode" } } } }) });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(NAMES)("is one segment on the wire: %s", async (id) => {
    const answer = await stage.call("get_user", { id });
    expect(answer.isError).toBe(false);
    expect(stage.api.requests.at(-1)?.target).toBe(`/v1/users/${encodeURIComponent(id)}`);
  });

  it.each(CLIMBING)("is refused where it would climb, or be read another way: %j", async (id) => {
    const before = stage.api.requests.length;
    const answer = await stage.call("get_user", { id });
    expect([answer.code, stage.api.requests.length]).toEqual(["invalid_input", before]);
    expect(answer.text).not.toContain(OUTSIDE_CANARY);
  });

  it("is that of the operation it is configured for alone", async () => {
    const answer = await stage.call("get_user_file", { id: "group/project", name: "x" });
    expect(answer.code).toBe("invalid_input");
  });
});
