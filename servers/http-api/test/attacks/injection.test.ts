import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attacked, attacked, CREDENTIALS } from "./support/attacked.ts";

const QUERIES: readonly string[] = [
  "a&token=stolen",
  "a;token=stolen",
  "a#fragment",
  "a?b",
  "a=b",
  "a+b c",
  "a%26token=stolen",
  "a\r\nX-Evil: 1",
  "a\u0000",
  "[]",
  "q[x]=1",
  "é😀",
  "a\u2028b",
];

const HEADERS: readonly string[] = [
  "a\r\nX-Evil: 1",
  "a\nX-Evil: 1",
  "a\rX-Evil: 1",
  "a\u0000b",
  "a\u000bb",
  "a\u007fb",
  "a\u010ab",
  "a\u010d\u010aX-Evil: 1",
  "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n",
  " a ",
];

/** Arguments that no operation declares, but whose names would mean something further down. */
const UNDECLARED: readonly Record<string, unknown>[] = [
  { authorization: "Bearer x" },
  { Authorization: "Bearer x" },
  { host: "127.0.0.2" },
  { cookie: "session=1" },
  { headers: { host: "127.0.0.2" } },
  { url: "http://127.0.0.2/" },
  { baseUrl: "http://127.0.0.2/" },
  { base_url: "http://127.0.0.2/" },
  { server: "http://127.0.0.2/" },
  { body: "x" },
  { x_method_override: "DELETE" },
  { "X-HTTP-Method-Override": "DELETE" },
  JSON.parse('{"constructor":{"q":"x"}}'),
];

describe("what is put beside a path", () => {
  let stage: Attacked;
  beforeAll(async () => {
    stage = await attacked();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const sentSince = (before: number) => stage.api.requests.slice(before);

  it.each(QUERIES)("a value in the query stays one value: %j", async (q) => {
    const before = stage.api.requests.length;
    const answer = await stage.call("echo", { q });
    if (answer.isError) expect([answer.code, sentSince(before)]).toEqual(["invalid_input", []]);
    else {
      const [request] = sentSince(before);
      const { searchParams } = new URL(request?.target ?? "", "http://upstream");
      expect([...searchParams]).toEqual([["q", q]]);
    }
  });

  it.each(HEADERS)("a value in a header stays one header: %j", async (note) => {
    const before = stage.api.requests.length;
    const answer = await stage.call("echo", { x_note: note });
    const sent = sentSince(before);
    if (answer.isError) expect([answer.code, sent]).toEqual(["invalid_input", []]);
    else {
      expect(sent).toHaveLength(1);
      expect(sent[0]?.headers["x-evil"]).toBeUndefined();
      expect(sent[0]?.headers["x-note"]?.trim()).toBe(note.trim());
    }
    expect(stage.api.climbed()).toEqual([]);
  });

  it.each(UNDECLARED)("an argument that is not declared is refused, and nothing is sent: %j", async (extra) => {
    const before = stage.api.requests.length;
    const answer = await stage.call("echo", { q: "x", ...extra });
    expect([answer.isError, answer.code, sentSince(before)]).toEqual([true, "invalid_input", []]);
  });

  it("every request carried the API's own credential, once, and its own host", () => {
    expect(stage.api.requests.length).toBeGreaterThan(0);
    for (const request of stage.api.requests) {
      const named = (name: string) =>
        request.rawHeaders.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
      expect(named("authorization")).toEqual([`Bearer ${CREDENTIALS.reference}`]);
      expect(named("host")).toEqual([new URL(stage.api.origin).host]);
      expect(request.method).toBe("GET");
    }
    expect(stage.other.requests).toEqual([]);
  });
});
