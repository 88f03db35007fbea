import { CallError } from "@hardened-mcp/server";
import { describe, expect, it } from "vitest";
import { UpstreamError, type UpstreamErrorCode } from "../../src/model/exchange.ts";
import { refusalOf } from "../../src/response/refusal.ts";
import { operation } from "../request/support/operation.ts";
import { read, readWith, refusal, upstreamAnswer } from "./support/answer.ts";

const WRITE = operation({ method: "POST", effect: "write" });
const CANARY = "at Db.connect (/srv/app/db.js:1) password=hunter2";

describe("statuses", () => {
  it.each([
    [100, "unavailable", "100 Continue"],
    [199, "unavailable", "199"],
    [300, "denied", "300 Multiple Choices"],
    [302, "denied", "302 Found"],
    [400, "invalid_input", "400 Bad Request"],
    [401, "denied", "401 Unauthorized"],
    [403, "denied", "403 Forbidden"],
    [404, "not_found", "404 Not Found"],
    [408, "timeout", "408 Request Timeout"],
    [409, "conflict", "409 Conflict"],
    [410, "not_found", "410 Gone"],
    [412, "conflict", "412 Precondition Failed"],
    [413, "too_large", "413"],
    [415, "denied", "415 Unsupported Media Type"],
    [418, "invalid_input", "418"],
    [422, "invalid_input", "422"],
    [429, "rate_limited", "429 Too Many Requests"],
    [499, "invalid_input", "499"],
    [500, "unavailable", "500 Internal Server Error"],
    [503, "unavailable", "503 Service Unavailable"],
    [405, "denied", "405 Method Not Allowed"],
    [501, "denied", "501 Not Implemented"],
    [504, "timeout", "504 Gateway Timeout"],
    [599, "unavailable", "599"],
    [600, "unavailable", "600"],
    [999, "unavailable", "999"],
    [0, "unavailable", "0"],
  ])("%i is %s, in our words and without its body", async (status, code, named) => {
    const { answer, seen } = upstreamAnswer(CANARY, { status });
    const refused = await refusal(readWith(answer, { config: { errorBodies: status < 400 || status > 599 } }));
    expect(refused).toMatchObject({ code, rule: `status/${status}` });
    expect(refused.message).toContain(`The API answered ${named}`);
    expect(JSON.stringify(refused)).not.toContain("hunter2");
    expect(seen).toEqual({ read: 0, discarded: 1 });
  });

  it("304 is an answer to what reads: nothing is new, and asking again would not help", async () => {
    const { answer, seen } = upstreamAnswer("", { status: 304, headers: { etag: '"v1"' } });
    expect(await readWith(answer, {})).toEqual({
      status: 304,
      headers: { etag: '"v1"' },
      notes: ["Nothing has changed since what the arguments name: the API sends nothing again."],
    });
    expect(seen).toEqual({ read: 0, discarded: 1 });
    const refused = await refusal(read("", { status: 304, operation: WRITE }));
    expect(refused).toMatchObject({ code: "denied", rule: "status/304" });
    expect(refused.message).not.toContain("Redirects");
  });

  it("of a failing server say that a change may have been made", async () => {
    expect((await refusal(read("", { status: 500, operation: WRITE }))).message).toContain(
      "It may have been carried out",
    );
    expect((await refusal(read("", { status: 500 }))).message).not.toContain("carried out");
    expect((await refusal(read("", { status: 404, operation: WRITE }))).message).not.toContain("carried out");
  });

  it("with bodies allowed are answers, and refusals where the body cannot be shown", async () => {
    const config = { errorBodies: true };
    expect(await read('{"why":"x"}', { status: 422, config })).toMatchObject({ status: 422, body: { why: "x" } });
    expect(
      await refusal(read("<>", { status: 500, config, headers: { "content-type": "image/png" }, operation: WRITE })),
    ).toMatchObject({
      rule: "status/500",
      code: "unavailable",
    });
    expect(await refusal(read("{", { status: 404, config }))).toMatchObject({ rule: "status/404" });
  });

  it("pass Retry-After on", async () => {
    const headers = { "retry-after": "7" };
    expect(await refusal(read("", { status: 429, headers }))).toMatchObject({ retryAfterMs: 7000 });
    expect(await refusal(read("", { status: 503, headers }))).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe("errors of the upstream", () => {
  it.each<readonly [UpstreamErrorCode, string]>([
    ["unreachable", "unavailable"],
    ["redirect", "denied"],
    ["timeout", "timeout"],
    ["cancelled", "cancelled"],
    ["too_large", "too_large"],
    ["broken", "unavailable"],
    ["credential", "unavailable"],
    ["no_subject_token", "denied"],
    ["open", "unavailable"],
    ["busy", "rate_limited"],
  ])("%s is %s", (code, publicCode) => {
    const error = new UpstreamError(code, { cause: new Error(CANARY), retryAfterMs: 5, mayHaveActed: true });
    const reading = refusalOf(error, operation());
    expect(reading).toMatchObject({ code: publicCode, rule: `upstream/${code}`, retryAfterMs: 5, cause: error });
    expect(reading.message).not.toMatch(/hunter2|carried out/);
    expect(refusalOf(error, WRITE).message).toContain("It may have been carried out");
    expect(refusalOf(new UpstreamError(code), WRITE).message).toContain("Nothing was done.");
  });

  it("are what ended the request, where that was ours", () => {
    const changed = new CallError("conflict", "A file changed.");
    expect(refusalOf(new UpstreamError("broken", { cause: changed }), WRITE)).toBe(changed);
    expect(refusalOf(changed, WRITE)).toBe(changed);
    expect(refusalOf(new Error(CANARY), WRITE)).toMatchObject({
      code: "internal",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});
