import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Check, Json } from "../../src/model/json-schema.ts";
import { operation } from "../request/support/operation.ts";
import { KEY, read, refusal } from "./support/answer.ts";

const ISSUES = [
  { path: ["items", 0, "id"], rule: "type", message: "" },
  { path: [], rule: "required", message: "" },
  { path: ["a"], rule: "x", message: "" },
  { path: ["b"], rule: "y", message: "" },
];
const misfit = (value?: Json) => (): Check => () => ({
  ok: false,
  issues: ISSUES,
  ...(value === undefined ? {} : { value }),
});
const NOTE = "The answer does not fit the API's document: items.0.id (type), the whole (required), a (x) and 1 more.";

describe("an answer that does not fit", () => {
  it("is shown with a note of three places, cut to what is declared", async () => {
    const { body, notes } = await read('{"a":1,"secretInternals":2}', { check: misfit({ a: 1 }) });
    expect([body, notes]).toEqual([{ a: 1 }, [NOTE]]);
  });

  it("is not shown where it cannot be cut, unless everything may be shown", async () => {
    const dropped = await read('{"a":1}', { check: misfit() });
    expect(dropped).not.toHaveProperty("body");
    expect(dropped.notes).toEqual([NOTE, "It is not shown, because what is undeclared cannot be told from the rest."]);
    expect((await read('{"a":1}', { check: misfit(), config: { undeclared: "keep" } })).body).toEqual({ a: 1 });
  });

  it("is refused where the configuration says so, and a change is not asked for again", async () => {
    const config = { onMismatch: "refuse" } as const;
    expect(await refusal(read("{}", { check: misfit({}), config }))).toEqual({
      code: "denied",
      rule: "answer/schema_mismatch",
      message: "The API's answer does not fit its document.",
    });
    const write = operation({ method: "POST", effect: "write" });
    expect(await refusal(read("{}", { check: misfit({}), config, operation: write }))).toMatchObject({
      code: "denied",
      message: expect.stringContaining("was carried out"),
    });
  });

  it("is held against the schema of its status and type", async () => {
    const asked: unknown[] = [];
    await read("{}", {
      status: 201,
      headers: { "content-type": "Application/Vnd.X+JSON; v=1" },
      check: (...about) => {
        asked.push(about);
        return undefined;
      },
    });
    expect(asked).toEqual([[201, "application/vnd.x+json"]]);
  });
});

const BODY = {
  items: [
    { id: 1, email: "a@b", owner: { email: "c@d", name: "n" } },
    { id: 2, email: null },
  ],
  total: 2,
  "a.b": 1,
};

describe("fields", () => {
  it.each<readonly [fields: string[], Json | undefined]>([
    [["total"], { total: 2 }],
    [["items.*.id"], { items: [{ id: 1 }, { id: 2 }] }],
    [["items.*.owner.*"], { items: [{ owner: { email: "c@d", name: "n" } }, {}] }],
    [["items.1"], { items: [{ id: 2, email: null }] }],
    [["items.*.id", "items.0"], { items: [BODY.items[0], { id: 2 }] } as Json],
    [["*.*.id"], { items: [{ id: 1 }, { id: 2 }] }],
    [["items"], { items: BODY.items } as Json],
    [["nothing"], {}],
    [["total.deeper"], {}],
    [["constructor", "__proto__", "items.length"], { items: [] }],
  ])("%j leave as much", async (fields, expected) => {
    expect((await read(JSON.stringify(BODY), { config: { fields } })).body).toEqual(expected);
  });

  it("leave nothing of a text, where paths lead nowhere", async () => {
    expect(await read('"a"', { config: { fields: ["a"] } })).not.toHaveProperty("body");
  });
});

describe("masks", () => {
  const masked = async (mask: { field: string; as: "null" | "fixed" | "hash" }[], value: Json = BODY as Json) =>
    (await read(JSON.stringify(value), { config: { mask } })).body;

  it("hide what they name, at every place, and leave null as it is", async () => {
    const mask = [
      { field: "items.*.email", as: "fixed" as const },
      { field: "*.*.owner.email", as: "null" as const },
    ];
    expect(await masked(mask)).toEqual({
      // On the way to an owner, where something with members should be.
      total: null,
      "a.b": null,
      items: [{ id: 1, email: "***", owner: { email: null, name: "n" } }, BODY.items[1]],
    });
  });

  it("hash with HMAC-SHA-256, equal for equal values and different for a text and its number", async () => {
    const digest = (text: string) => createHmac("sha256", KEY).update(text).digest("hex").slice(0, 32);
    expect(await masked([{ field: "*", as: "hash" }], ["a", "a", 1, "1", { x: 1 }])).toEqual(
      ['"a"', '"a"', "1", '"1"', '{"x":1}'].map(digest),
    );
  });

  const EMAIL = [{ field: "customer.email", as: "fixed" as const }];
  const SSN = [{ field: "items.*.ssn", as: "null" as const }];
  it.each<[what: string, mask: Parameters<typeof masked>[0], value: Json, left: Json]>([
    ["a text above it", EMAIL, { id: 1, customer: "a@b" }, { id: 1, customer: "***" }],
    [
      "a number and a truth value above it",
      EMAIL,
      [{ customer: 1 }, { customer: true }],
      [{ customer: "***" }, { customer: "***" }],
    ],
    [
      "a list above it",
      EMAIL,
      { customer: [{ email: "a@b" }, "c@d", null] },
      { customer: [{ email: "***" }, "***", null] },
    ],
    [
      "a list around the whole",
      EMAIL,
      [{ id: 1, customer: { email: "a@b" } }],
      [{ id: 1, customer: { email: "***" } }],
    ],
    ["lists in lists", EMAIL, [[{ customer: [[{ email: ["a"] }]] }]], [[{ customer: [[{ email: "***" }]] }]]],
    ["the whole, where that has no parts", EMAIL, "a@b", "***"],
    [
      "one in place of a list",
      SSN,
      { items: { ssn: "1", more: { ssn: "2" } } },
      { items: { ssn: null, more: { ssn: null } } },
    ],
    ["a text in place of a list", SSN, { items: "123-45" }, { items: null }],
    ["a list in a list that it names", SSN, { items: [[{ ssn: "1", id: 2 }]] }, { items: [[{ ssn: null, id: 2 }]] }],
    [
      "beside a path that names lists",
      [...EMAIL, { field: "*.id", as: "null" }, { field: "0.first", as: "null" }],
      [
        { id: 1, first: 1, customer: { email: "a@b" } },
        { id: 1, first: 1, customer: { email: "c@d" } },
      ],
      [
        { id: null, first: null, customer: { email: "***" } },
        { id: null, first: 1, customer: { email: "***" } },
      ],
    ],
  ])("hide %s", async (_what, mask, value, left) => {
    expect(await masked(mask, value)).toEqual(left);
  });

  it("hide the element that they name, also where others are not selected", async () => {
    const config = { fields: ["items.1"], mask: [{ field: "items.1.owner", as: "fixed" as const }] };
    expect((await read('{"items":[{"owner":"a"},{"owner":"b"}]}', { config })).body).toEqual({
      items: [{ owner: "***" }],
    });
  });

  it("hide a whole part, and where two meet the stronger wins", async () => {
    const mask = [
      { field: "items", as: "hash" as const },
      { field: "items.*.id", as: "null" as const },
      { field: "*", as: "fixed" as const },
    ];
    expect(await masked(mask)).toEqual({ items: "***", total: "***", "a.b": "***" });
  });
});

describe("headers of answers", () => {
  const headers = {
    "content-type": "application/json",
    etag: '"\u001b[31ma\u200bb"',
    "set-cookie": "s=1",
    "x-internal": "i",
    "x-long": "a".repeat(5000),
  };

  it("are shown by name, without control characters, and never cookies", async () => {
    const config = { headers: ["ETag", "set-cookie", "X-Long", "constructor", "absent"] };
    expect((await read("{}", { headers, config })).headers).toEqual({ etag: '"[31mab"', "x-long": "a".repeat(2048) });
  });
});
