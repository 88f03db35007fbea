import { ConfigError } from "@hardened-mcp/server";
import { describe, expect, it } from "vitest";
import { apiConfig } from "../../src/config/api-schema.ts";
import { handwrittenOperations } from "../../src/handwritten/operations.ts";

const tool = (more: object) => ({
  path: "/users/{id}",
  description: "One user.",
  params: { id: { in: "path", schema: { type: "string" } } },
  ...more,
});

function handwritten(
  tools: unknown,
  { allowWrite = true, hasUploads = false, ...config }: Record<string, unknown> = {},
) {
  return handwrittenOperations("shop", apiConfig.parse({ tools, ...config }), {
    allowWrite: allowWrite === true,
    hasUploads: hasUploads === true,
  });
}

describe("an operation written by hand", () => {
  it("refuses slashes in its path unless it says otherwise", () => {
    const { operations } = handwritten({ one: tool({}), other: tool({ slashes: "encode" }) });
    expect(operations.map(({ slashes }) => slashes)).toEqual(["refuse", "encode"]);
    expect(operations[0]?.pinned).not.toBe(operations[1]?.pinned);
  });

  it("is a tool like any other", () => {
    const response = { type: "object", properties: { name: { type: "string" } } };
    const { operations, schemas } = handwritten({
      user: tool({
        response,
        params: {
          id: { in: "path", schema: { type: "string" } },
          fields: { schema: { type: "array", items: { type: "string" } }, explode: false, name: "f[]" },
        },
      }),
    });
    expect(operations).toMatchObject([
      {
        api: "shop",
        id: "user",
        tool: "user",
        method: "GET",
        effect: "read",
        scope: "http:read",
        parameters: [
          { argument: "id", name: "id", in: "path", required: true, style: "simple" },
          { argument: "fields", name: "f[]", in: "query", required: false, style: "form", explode: false },
        ],
        responses: [{ status: "2XX", content: { "application/json": response } }],
      },
    ]);
    expect(schemas.outputCheck(response, { undeclared: "drop" })({ name: "a", ssn: 1 })).toEqual({
      ok: true,
      value: { name: "a" },
    });
  });

  it("may refer to parts of its own schema", () => {
    const schema = {
      $ref: "#/$defs/node",
      $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    };
    const { operations, schemas } = handwritten({ a: tool({ method: "POST", body: { schema } }) });
    const check = schemas.inputCheck(operations[0]?.body?.schema ?? false);
    expect(check({ next: { next: {} } }).ok).toBe(true);
    expect(check({ next: { other: 1 } }).ok).toBe(false);
  });

  it("that changes something needs --allow-write", () => {
    const tools = { a: tool({ method: "DELETE" }), b: tool({ effect: "external" }), c: tool({}) };
    expect(handwritten(tools).operations.map(({ effect, scope }) => [effect, scope])).toEqual([
      ["destroy", "http:write"],
      ["external", "http:write"],
      ["read", "http:read"],
    ]);
    const found = handwritten(tools, { allowWrite: false });
    expect(found.operations.map(({ id }) => id)).toEqual(["c"]);
    expect(found.leftOut.map(({ reason }) => reason)).toEqual(["needs_allow_write", "needs_allow_write"]);
  });

  it("sends files only from upload roots", () => {
    const schema = { type: "object", properties: { file: { type: "string", format: "binary" } } };
    const tools = { a: tool({ method: "POST", body: { form: "multipart", schema } }) };
    expect(handwritten(tools, { hasUploads: true }).operations[0]?.body?.files).toEqual(["file"]);
    expect(() => handwritten(tools)).toThrow(/uploads\.roots/);
  });

  const id = { in: "path", schema: { type: "string" } };
  const credential = { type: "api_key", name: "X-Key", key: { file: "/k" } };
  it.each<[string, object, RegExp]>([
    [
      "an argument that every object seems to have",
      { params: { id, constructor: { in: "query", schema: { type: "string" } } } },
      /params\.constructor: no argument can have this name/,
    ],
    ["a path that climbs", { path: "/a/../b", params: {} }, /apis\.shop\.tools\.a\.path/],
    ["a name in its path that nobody fills", { params: {} }, /has \{id\}/],
    [
      "a path parameter that its path has not",
      { params: { id, other: id } },
      /params\.other: the path has no \{other\}/,
    ],
    ["a path parameter that may be left out", { params: { id: { ...id, required: false } } }, /cannot be left out/],
    ["a body in a GET", { body: { schema: {} } }, /a GET has none/],
    [
      "two things called body",
      { method: "POST", body: { schema: {} }, params: { id, body: { schema: {} } } },
      /params\.body/,
    ],
    [
      "the header of a credential",
      { params: { id, key: { in: "header", name: "x-key", schema: {} } } },
      /no caller may set/,
    ],
    [
      "a header that decides who is asked",
      { params: { id, h: { in: "header", name: "Host", schema: {} } } },
      /no caller may set/,
    ],
    [
      "a header that ends the line",
      { params: { id, h: { in: "header", name: "a\r\nb", schema: {} } } },
      /no name of a header/,
    ],
    [
      "a reference that leads out",
      { params: { id: { ...id, schema: { $ref: "https://evil.example/x" } } } },
      /params\.id\.schema: A \$ref/,
    ],
    ["a type that JSON does not have", { response: { type: "text" } }, /response: .*type/],
    ["a pattern that needs backtracking", { params: { id: { ...id, schema: { pattern: "^(?!a)" } } } }, /RE2/],
    ["a page argument that it has not", { pagination: { type: "page", argument: "page" } }, /argument "page"/],
  ])("is refused with %s", (_what, more, message) => {
    const make = () => handwritten({ a: tool(more) }, { credential });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});
