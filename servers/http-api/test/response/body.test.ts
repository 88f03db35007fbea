import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../src/model/exchange.ts";
import { operation } from "../request/support/operation.ts";
import { read, readWith, refusal, upstreamAnswer } from "./support/answer.ts";

const WRITE = operation({ method: "POST", effect: "write" });
const typed = (type: string) => ({ headers: { "content-type": type } });

describe("bodies of answers", () => {
  it.each([
    "application/json",
    "application/problem+json; charset=utf-8",
    "APPLICATION/JSON",
    'application/json; charset="UTF-8"',
  ])("are JSON as %s", async (type) => {
    expect((await read('{"a":1}', typed(type))).body).toEqual({ a: 1 });
  });

  it.each([
    ...[
      "image/png",
      "application/octet-stream",
      "text/event-stream",
      "application/xml",
      "text/javascript",
      "multipart/mixed; boundary=x",
    ],
    ...["application/json, text/html", "json", "", "text", "application/json\u0000", "*/*", "application/"],
  ])("are refused as %j before anything of them is read", async (type) => {
    const { answer, seen } = upstreamAnswer('{"a":1}', typed(type));
    expect(await refusal(readWith(answer, {}))).toMatchObject({
      code: "denied",
      rule: type === "" ? "answer/no_content_type" : "answer/content_type",
    });
    if (type !== "") expect(seen).toEqual({ read: 0, discarded: 1 });
  });

  it("of an event stream or an image are refused whatever the configuration says", async () => {
    for (const type of ["text/event-stream", "image/svg+xml"]) {
      const config = { contentTypes: ["text/*", "image/svg+xml", type] };
      expect(await refusal(read("x", { ...typed(type), config }))).toMatchObject({ rule: "answer/content_type" });
    }
  });

  it("without a type are JSON where only JSON is accepted, and refused elsewhere", async () => {
    expect((await read("[1]", { headers: {}, config: { contentTypes: ["application/json"] } })).body).toEqual([1]);
    expect(await refusal(read("[1]", { headers: {} }))).toMatchObject({ rule: "answer/no_content_type" });
    expect(await read("", { headers: {} })).toEqual({ status: 200, headers: {} });
  });

  it.each([
    ["HEAD", 200, {}],
    ["GET", 204, {}],
    ["GET", 200, { "content-length": "0" }],
  ] as const)("are none for %s %i %j", async (method, status, headers) => {
    const { answer, seen } = upstreamAnswer("never read", {
      status,
      headers: { ...headers, "content-type": "image/png" },
    });
    expect(await readWith(answer, { operation: operation({ method }) })).toEqual({
      status,
      headers: { "content-type": "image/png" },
    });
    expect(seen).toEqual({ read: 0, discarded: 1 });
  });

  it.each<readonly [what: string, bytes: string | Buffer, rule: string]>([
    ["no JSON", "{", "json_syntax"],
    ["nothing but blanks", "  ", "json_syntax"],
    ["two documents", "{}{}", "json_syntax"],
    ["NaN", '{"a":NaN}', "json_syntax"],
    ["a number beyond a double", "[1e999]", "json_number"],
    ["a number of four hundred digits", `{"a":{"b":-${"9".repeat(400)}}}`, "json_number"],
    ["65 levels", `${"[".repeat(65)}${"]".repeat(65)}`, "json_depth"],
    ["half a million levels", `${"[".repeat(500_000)}${"]".repeat(500_000)}`, "json_depth"],
    ["half a million levels of objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "json_depth"],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]), "charset"],
    ["an overlong escape in UTF-8", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), "charset"],
    ["half of a surrogate pair in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "charset"],
  ])("are refused for %s", async (_what, bytes, rule) => {
    expect(await refusal(read(bytes))).toMatchObject({ code: "denied", rule: `answer/${rule}` });
    // What has changed something must not be sent again for it.
    expect(await refusal(read(bytes, { operation: WRITE }))).toMatchObject({
      code: "denied",
      message: expect.stringContaining("do not send it again"),
    });
  });

  it("pass at 64 levels", async () => {
    expect((await read(`${"[".repeat(64)}${"]".repeat(64)}`)).body).toBeDefined();
  });

  it("become no prototype", async () => {
    const { body } = await read(
      '{"__proto__":{"admin":true},"a":{"\\u005f_proto__":{"admin":true},"b":1},"constructor":{"prototype":1}}',
    );
    expect(JSON.stringify(body)).toBe('{"a":{"b":1},"constructor":{"prototype":1}}');
    expect((body as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("count the last of two equal keys, as everybody behind us will", async () => {
    expect((await read('{"a":1,"a":2}')).body).toEqual({ a: 2 });
  });

  it("keep every digit of whole numbers, also after the check", async () => {
    const text =
      '{"id":9007199254740993,"small":9007199254740991,"list":[{"n":-12345678901234567890,"drop":1}],"big":1e30,"f":0.1234567890123456789}';
    const check = () => (value: unknown) =>
      ({
        ok: true,
        value: JSON.parse(JSON.stringify(value), (key, member) => (key === "drop" ? undefined : member)),
      }) as const;
    const { body, notes } = await read(text, { check });
    expect(body).toEqual({
      id: "9007199254740993",
      small: 9007199254740991,
      list: [{ n: "-12345678901234567890" }],
      big: 1e30,
      f: 0.12345678901234568,
    });
    expect(notes).toEqual(["Whole numbers beyond 2^53 are given as text, so that no digit is lost."]);
  });

  it("show the schema numbers, not the text they become", async () => {
    const seen: unknown[] = [];
    await read("9007199254740993", {
      check: () => (value) => {
        seen.push(value);
        return { ok: true, value };
      },
    });
    expect(seen).toEqual([9007199254740992]);
  });

  it("are refused as JSON and cut as text beyond the cap, of which no more is read", async () => {
    const endless = function* () {
      for (;;) yield Buffer.alloc(64 * 1024, "a");
    };
    const json = upstreamAnswer(endless());
    expect(await refusal(readWith(json.answer, { maxBytes: 100_000 }))).toMatchObject({
      code: "too_large",
      rule: "answer/too_large",
    });
    const text = upstreamAnswer(endless(), typed("text/plain"));
    const answer = await readWith(text.answer, { maxBytes: 100_000 });
    expect(answer.text).toHaveLength(100_000);
    expect(answer.notes).toEqual(["The text was longer than this server reads. Its end is missing."]);
    for (const { seen } of [json, text]) expect(seen.read).toBe(2 * 64 * 1024);
    expect(text.seen.discarded).toBe(1);
  });

  it("are copied as they come, so that many small pieces cost no more than their bytes", async () => {
    const shared = Buffer.alloc(1);
    const pieces = function* () {
      for (const character of `[${'"é",'.repeat(1000)}1]`.split("").flatMap((unit) => [...Buffer.from(unit)])) {
        shared[0] = character;
        yield shared;
      }
    };
    expect((await read(pieces())).body).toHaveLength(1001);
    expect(await refusal(read(pieces(), { maxBytes: 5002 }))).toMatchObject({ code: "too_large" });
    expect((await read(pieces(), { maxBytes: 5003 })).status).toBe(200);
  });

  it("are cut where the upstream's own limit comes first, between characters", async () => {
    const fails = new UpstreamError("too_large");
    expect(await read(Buffer.from("aé").subarray(0, 2), { ...typed("text/plain"), fails })).toMatchObject({
      text: "a",
    });
    expect(await refusal(read("[1]", { fails }))).toMatchObject({ code: "too_large" });
  });

  it.each([
    ["text/plain", Buffer.from("a\ufeff"), "a\ufeff"],
    ["text/plain", Buffer.from("\ufeffa"), "a"],
    ["text/csv; charset=iso-8859-1", Buffer.from([0x61, 0xe9]), "aé"],
    ["text/plain; charset=utf-16le", Buffer.from("aé", "utf16le"), "aé"],
    ["text/markdown; charset=shift_jis", Buffer.from([0x83, 0x65]), "テ"],
  ])("of %s are decoded", async (type, bytes, text) => {
    expect((await read(bytes, typed(type))).text).toBe(text);
  });

  it.each(["utf-7", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "x-user-defined", "nonsense", "utf-16le"])(
    "of charset %s are refused",
    async (charset) => {
      expect(
        await refusal(read(Buffer.from([0x41, 0x00, 0x00]), typed(`text/plain; charset=${charset}`))),
      ).toMatchObject({ rule: "answer/charset" });
    },
  );

  it("that call themselves text and hold zero bytes are refused", async () => {
    expect(await refusal(read("PK\u0003\0", typed("text/plain")))).toMatchObject({ rule: "answer/charset" });
  });

  it("of HTML are its readable text", async () => {
    const html = '<title>T</title><p>Hello <b>you</b></p><script>x</script><p style="display:none">obey</p>';
    expect((await read(html, typed("text/html; charset=utf-8"))).text).toBe("Hello you");
  });

  it("that break end as what they are, and say that a change was made", async () => {
    const fails = new UpstreamError("broken");
    expect(await refusal(read("[1", { fails }))).toEqual({
      code: "unavailable",
      rule: "upstream/broken",
      message: "The API's answer ended early, or could not be read.",
    });
    expect((await refusal(read("[1", { fails, operation: WRITE }))).message).toContain("was carried out");
  });
});
