import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import type { ApiBody, PropertyEncoding } from "../../src/model/operation.ts";
import { body, build, bytesOf, operation, refused } from "./support/operation.ts";

function post(form: ApiBody["form"], parts: Partial<ApiBody> = {}) {
  return operation({ method: "POST", effect: "write", body: body(form, parts) });
}

async function form(value: Json, encoding: Record<string, PropertyEncoding> = {}): Promise<string> {
  return (await bytesOf(build(post("urlencoded", { encoding }), { body: value }))).toString();
}

/** Read by an implementation that is not ours. */
async function parsed(value: Json, parts: Partial<ApiBody> = {}): Promise<FormData> {
  const request = build(post("multipart", parts), { body: value });
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  return new Response(new Uint8Array(await bytesOf(request)), { headers }).formData();
}

describe("bodies", () => {
  it.each<readonly [ApiBody["form"], Json, string, string]>([
    ["json", { a: [1, "é"], b: null }, '{"a":[1,"é"],"b":null}', "application/json"],
    ["json", "x", '"x"', "application/json"],
    ["text", "a\r\né", "a\r\né", "text/plain"],
    [
      "urlencoded",
      { a: "b c", d: ["e", "f&g=h"], i: null, j: true },
      "a=b%20c&d=e&d=f%26g%3Dh&j=true",
      "application/x-www-form-urlencoded",
    ],
    [
      "urlencoded",
      { a: { b: 1 }, c: [{ d: 1 }] },
      "a=%7B%22b%22%3A1%7D&c=%7B%22d%22%3A1%7D",
      "application/x-www-form-urlencoded",
    ],
  ])("%s: %j is %s", async (kind, value, written, contentType) => {
    const request = build(post(kind), { body: value });
    expect((await bytesOf(request)).toString()).toBe(written);
    expect(request.headers["content-type"]).toBe(contentType);
    expect(request.body?.kind).toBe("bytes");
  });

  it.each<readonly [PropertyEncoding, Json, string]>([
    [{ style: "deepObject", explode: true }, { city: "a&b", zip: { x: 1 } }, "p%5Bcity%5D=a%26b&p%5Bzip%5D%5Bx%5D=1"],
    [{ style: "form", explode: false }, ["a", "b"], "p=a,b"],
    [{ style: "pipeDelimited", explode: false }, ["a", "b"], "p=a%7Cb"],
    [{ allowReserved: true }, "a/b&c", "p=a/b%26c"],
  ])("urlencoded with %j: %j is %s", async (encoding, value, written) => {
    expect(await form({ p: value }, { p: encoding })).toBe(written);
  });

  it("carries any text in a form to where it was meant", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" })),
        async (members) => {
          expect([...new URLSearchParams(await form(members))]).toEqual(Object.entries(members));
        },
      ),
    );
  });

  it("carries any text in a multipart body to where it was meant", async () => {
    const value = fc.array(
      fc.constantFrom("--", "\r\n", "part-", "Content-Disposition: form-data; name=x", '"', "é", "\0", "\n"),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(value, async (pieces) => {
        const text = pieces.join("");
        const data = await parsed({ a: text, b: "after" });
        expect([...data]).toEqual([
          ["a", text],
          ["b", "after"],
        ]);
      }),
    );
  });

  it("writes objects as JSON parts, lists as several parts, and nothing for null", async () => {
    const request = build(
      post("multipart", {
        encoding: { meta: { contentType: "application/json, text/*" }, bad: { contentType: "a/b\r\nX: 1" } },
      }),
      {
        body: { meta: "x", deep: { a: 1 }, list: ["a", 2], none: null, bad: "c" },
      },
    );
    const boundary = /^multipart\/form-data; boundary=(part-[0-9a-f]{36})$/.exec(
      request.headers["content-type"] ?? "",
    )?.[1];
    const part = (head: string, content: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name=${head}\r\n\r\n${content}\r\n`;
    const json = "\r\nContent-Type: application/json";
    expect((await bytesOf(request)).toString()).toBe(
      `${part(`"meta"${json}`, '"x"')}${part(`"deep"${json}`, '{"a":1}')}${part('"list"', "a")}${part('"list"', "2")}${part('"bad"', "c")}--${boundary}--\r\n`,
    );
  });

  it("quotes names so that none ends early", async () => {
    const written = (await bytesOf(build(post("multipart"), { body: { 'a"; filename="x': "1" } }))).toString();
    expect(written).toContain('name="a%22; filename=%22x"\r\n');
  });

  it.each(["a\r\nContent-Type: x", "a\nb", "a\0", "a\\", "\ud800"])("refuses the part name %j", (name) => {
    expect(refused(() => build(post("multipart"), { body: { [name]: "1" } }))).toMatch(/^invalid_input/);
  });

  it.each<readonly [what: string, form: ApiBody["form"], value: Json, rule: string]>([
    ["a text for a form", "urlencoded", "a=b", "body_object"],
    ["a list for a form", "multipart", ["a"], "body_object"],
    ["an object for a text", "text", { a: 1 }, "body_text"],
    ["half of a surrogate pair", "text", "\ud800", "lone_surrogate"],
    ["half of a surrogate pair in a form", "urlencoded", { a: "\ud800" }, "lone_surrogate"],
    ["a file where none is sent", "file", "a.txt", "no_uploads"],
  ])("refuses %s", (_what, kind, value, rule) => {
    expect(refused(() => build(post(kind), { body: value }))).toBe(`invalid_input request/${rule}@body`);
  });

  it("refuses a key of an exploded object that is another member of the form", () => {
    const op = post("urlencoded", { encoding: { p: { style: "form", explode: true } } });
    expect(refused(() => build(op, { body: { p: { role: "admin" }, role: "user" } }))).toBe(
      "invalid_input request/key@body",
    );
  });

  it.each(["GET", "HEAD"] as const)("never goes with %s", (method) => {
    const op = operation({ method, body: body("json", { required: false }) });
    expect(build(op).body).toBeUndefined();
    expect(build(op).headers["content-type"]).toBeUndefined();
    expect(refused(() => build(op, { body: {} }))).toBe("invalid_input request/body_method@body");
  });

  it("is missed where it is required, and left out where it is not", () => {
    expect(refused(() => build(post("json")))).toBe("invalid_input request/missing@body");
    expect(build(post("json", { required: false })).body).toBeUndefined();
  });
});
