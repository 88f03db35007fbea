import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import { secretHider } from "../../src/response/hide-secrets.ts";
import { sentForms } from "../../src/upstream/credentials/sent-forms.ts";
import { operation, parameter } from "../request/support/operation.ts";
import { read } from "./support/answer.ts";

const KEY = 'k3y/with"quote';
const FORMS = [
  KEY,
  `Bearer ${KEY}`,
  Buffer.from(`user:${KEY}`).toString("base64"),
  encodeURIComponent(KEY),
  "8400112233",
  "K1",
];

describe("secrets of ours that an API echoes", () => {
  it("are replaced in values, keys, numbers, text and headers, in every form", async () => {
    const echo = {
      plain: `you sent ${KEY}!`,
      [KEY]: 1,
      list: [FORMS[2], { deep: encodeURIComponent(KEY) }],
      number: 8400112233,
      inside: 1840011223300,
      url: `https://x/?k=${encodeURIComponent(KEY)}&y=1`,
    };
    const { body, headers } = await read(JSON.stringify(echo), {
      secrets: FORMS,
      headers: { "content-type": "application/json", etag: `"${KEY}"` },
    });
    expect(body).toEqual({
      plain: "you sent ***!",
      "***": 1,
      list: ["***", { deep: "***" }],
      number: "***",
      inside: "***",
      url: "https://x/?k=***&y=1",
    });
    expect(headers["etag"]).toBe('"***"');
    expect((await read(`a ${KEY} b`, { secrets: FORMS, headers: { "content-type": "text/plain" } })).text).toBe(
      "a *** b",
    );
    expect(
      (await read(`<p>a <b>${KEY}</b></p>`, { secrets: FORMS, headers: { "content-type": "text/html" } })).text,
    ).toBe("a ***");
  });

  it("are found when every character is a JSON escape", async () => {
    const escaped = [...KEY].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    expect((await read(`{"a":"${escaped}","${escaped}":"b"}`, { secrets: FORMS })).body).toEqual({
      a: "***",
      "***": "b",
    });
  });

  it("are found where a number is written another way, and slashes are escaped", async () => {
    expect((await read('{"a":8.400112233e9}', { secrets: ["8400112233"] })).body).toEqual({ a: "***" });
    expect((await read('{"a":"k3y\\/x"}', { secrets: ["k3y/x"] })).body).toEqual({ a: "***" });
    expect((await read('{"a":"q\\"\\\\\\n"}', { secrets: ['"\\\n'] })).body).toEqual({ a: "q***" });
  });

  it("keep apart two keys that become one", async () => {
    expect((await read('{"K1a":1,"K1a2":2,"***a":3}', { secrets: ["K1"] })).body).toEqual({
      "***a": 3,
      "***a2": 2,
      "***a*": 1,
    });
  });

  it("do not show the end of one that overlaps another", () => {
    expect(secretHider(["abcdef", "defghi"]).inText("-abcdefghi-")).toBe("-***-");
    expect(secretHider(["aa"]).inText("aaa")).toBe("***");
    expect(secretHider(["abc", "b"]).inText("abc b")).toBe("*** ***");
  });

  it("do not show the beginning of one where a text is cut", async () => {
    const text = `start ${KEY}`;
    for (let maxBytes = 6; maxBytes < text.length; maxBytes++) {
      const answer = await read(text, { maxBytes, secrets: FORMS, headers: { "content-type": "text/plain" } });
      expect(answer.text, String(maxBytes)).toBe("start ");
    }
  });

  const BASE64_KEY = "ab+/cd==XY'<Z";
  const forms = sentForms(BASE64_KEY);
  const percent = encodeURIComponent(BASE64_KEY);
  const json = JSON.stringify(BASE64_KEY).slice(1, -1);
  const html = (plus: string) => BASE64_KEY.replaceAll("+", plus).replaceAll("'", "&#39;").replaceAll("<", "&lt;");
  it.each<[spelling: string, text: string]>([
    ["lower-case percent forms", percent.replaceAll(/%../g, (one) => one.toLowerCase())],
    ["slashes kept", percent.replaceAll("%2F", "/")],
    ["more percent forms than needed", percent.replaceAll("'", "%27").replaceAll("a", "%61")],
    ["percent forms twice", encodeURIComponent(percent)],
    ["JSON escapes", json.replaceAll("+", "\\u002B").replaceAll("<", "\\u003c")],
    ["escaped slashes", json.replaceAll("/", "\\/")],
    ["character references", html("&#x2B;")],
    ["decimal ones, in a percent form", encodeURIComponent(html("&#43;"))],
  ])("are found with %s", async (_spelling, text) => {
    const hider = secretHider(forms);
    expect(hider.inText(`1 ${text} 2 ${text}&amp;%20`)).toBe("1 *** 2 ***&amp;%20");
    const echo = JSON.stringify({ [text]: `https://x/?k=${text}&y=%20`, list: [text, "%2B"] });
    expect((await read(echo, { secrets: forms })).body).toEqual({
      "***": "https://x/?k=***&y=%20",
      list: ["***", "%2B"],
    });
    // No part of it at the end of a text that was cut.
    for (let length = 1; length <= text.length; length++) {
      const left = hider.withoutBegun(hider.inText(`1 ${text.slice(0, length)}`));
      expect(left, String(length)).toMatch(/^1 (?:\*\*\*|[%&\\][#\w]{0,5})?$/);
    }
  });

  it.each(["", "Bearer ", "user:", "xy"])("are found in base64 behind %j", async (before) => {
    const whole = `${before}${BASE64_KEY}`;
    for (const encoding of ["base64", "base64url"] as const) {
      for (const after of ["", "a", '"}']) {
        const text = Buffer.from(whole + after).toString(encoding);
        const { body } = await read(JSON.stringify([text, 1]), { secrets: forms });
        const [shown = ""] = body as string[];
        expect(shown).toContain("***");
        expect(Buffer.from(shown.split("***").join(""), encoding).toString()).not.toContain("cd==");
      }
    }
  });

  it("do not lead to the next page", async () => {
    const op = operation({
      parameters: [parameter("cursor", "query")],
      pagination: { type: "cursor", from: ["next"], argument: "cursor" },
    });
    expect(await read(JSON.stringify({ next: `a${KEY}` }), { operation: op, secrets: FORMS })).not.toHaveProperty(
      "next",
    );
    expect(await read(JSON.stringify({ next: "a" }), { operation: op, secrets: FORMS })).toMatchObject({
      next: { cursor: "a" },
    });
  });

  it("are nowhere in any answer, whatever its shape", async () => {
    const secret = fc.string({
      unit: fc.constantFrom("a", "b", '"', "\\", "/", "é", "1", "\n"),
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.jsonValue(),
        fc.nat(3),
        async (secrets, value, at) => {
          const planted = {
            value,
            [`k${secrets[0]}`]: [`x${secrets[at % secrets.length]}y`, { [secrets.join("")]: secrets.join("-") }],
          };
          const { body } = await read(JSON.stringify(planted), { secrets });
          for (const text of textsOf(body ?? null)) for (const one of secrets) expect(text.includes(one)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function textsOf(value: Json): readonly string[] {
  if (value === null || typeof value !== "object") return [String(value)];
  return Object.entries(value).flatMap(([key, member]) =>
    Array.isArray(value) ? textsOf(member) : [key, ...textsOf(member)],
  );
}
