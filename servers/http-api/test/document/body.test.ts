import { describe, expect, it } from "vitest";
import { map, one, reasons } from "../support/document.ts";

const upload = {
  type: "object",
  required: ["file"],
  properties: {
    file: { type: "string", format: "binary" },
    more: { type: "array", items: { type: "string", contentMediaType: "image/png" } },
    note: { type: "string" },
  },
};

function body(content: Record<string, unknown>, { required = true, hasUploads = false, method = "post" } = {}) {
  return map(one({ operationId: "x", requestBody: { required, content } }, { method }), {
    hasUploads,
    allowWrite: true,
    config: { operations: { write: method === "get" ? [] : ["x"] } },
  });
}

describe("a body", () => {
  it.each<[readonly string[], string, string]>([
    [["text/plain", "application/xml", "application/json; charset=utf-8"], "json", "application/json"],
    [["application/merge-patch+json"], "json", "application/merge-patch+json"],
    [["multipart/form-data", "application/x-www-form-urlencoded"], "urlencoded", "application/x-www-form-urlencoded"],
    [["multipart/form-data", "text/plain"], "multipart", "multipart/form-data"],
    [["text/x-markdown"], "text", "text/x-markdown"],
    [["*/*"], "json", "application/json"],
  ])("in %j is written as %s", (types, form, contentType) => {
    const found = body(Object.fromEntries(types.map((type) => [type, { schema: { type: "object" } }])));
    expect(found.operations[0]?.body).toMatchObject({ argument: "body", form, contentType });
  });

  it.each(["application/xml\r\nX-Evil: 1", "image/*", "nonsense"])("in %j alone cannot be written", (type) => {
    expect(reasons(body({ [type]: {} }))).toEqual(["operation no_body_form"]);
    expect(reasons(body({ [type]: {} }, { required: false }))).toEqual(["part no_body_form"]);
  });

  it("that is a file needs upload roots, and is then the path of one", () => {
    const content = { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
    expect(reasons(body(content))).toEqual(["operation no_uploads"]);
    expect(body(content, { hasUploads: true }).operations[0]?.body).toMatchObject({
      form: "file",
      schema: { type: "string", maxLength: 4096 },
    });
  });

  it("that is a file says that a path is given, whatever the document says of its content", () => {
    const description = "The image, as PNG.";
    const content = { "image/png": { schema: { type: "string", format: "binary" } } };
    const described = map(
      one({ operationId: "x", requestBody: { description, required: true, content } }, { method: "post" }),
      { hasUploads: true, allowWrite: true, config: { operations: { write: ["x"] } } },
    );
    expect(
      [body(content, { hasUploads: true }), described].map(({ operations }) => operations[0]?.body?.description),
    ).toEqual(["Path of a file below an upload root.", "The image, as PNG. Path of a file below an upload root."]);
  });

  it("of several parts names its files, which are paths", () => {
    const found = body(
      {
        "multipart/form-data": {
          schema: upload,
          encoding: { file: { contentType: "image/png, image/jpeg" }, note: { contentType: "text/*" } },
        },
      },
      { hasUploads: true },
    );
    const made = found.operations[0]?.body;
    expect(made).toMatchObject({ files: ["file", "more"], encoding: { file: { contentType: "image/png" }, note: {} } });
    const check = found.schemas.inputCheck(made?.schema ?? false);
    expect(check({ file: "a.png", more: ["b.png"] }).ok).toBe(true);
    expect(check({ file: "a.png", other: 1 }).ok).toBe(false);
    expect(found.schemas.listed(made?.schema ?? false)).toMatchObject({
      properties: { file: { type: "string" } },
      additionalProperties: false,
    });
  });

  it("of several parts without upload roots loses its files, and the operation where one has to be there", () => {
    expect(reasons(body({ "multipart/form-data": { schema: upload } }))).toEqual(["operation no_uploads"]);
    const found = body({ "multipart/form-data": { schema: { ...upload, required: [] } } });
    expect(reasons(found)).toEqual(["part no_uploads", "part no_uploads"]);
    const check = found.schemas.inputCheck(found.operations[0]?.body?.schema ?? false);
    expect(check({ note: "x" }).ok).toBe(true);
    expect(check({ note: "x", file: "/etc/passwd" }).ok).toBe(false);
  });

  it("of a GET is not sent: servers disagree where such a request ends", () => {
    const found = body({ "application/json": {} }, { method: "get", required: false });
    expect(found.operations[0]?.body).toBeUndefined();
    expect(reasons(found)).toEqual(["part body_of_get"]);
    expect(reasons(body({ "application/json": {} }, { method: "get" }))).toEqual(["operation body_of_get"]);
  });
});

describe("answers", () => {
  it("are known by status and media type", () => {
    const schema = { type: "object" };
    const { operations } = map(
      one({
        responses: {
          200: { content: { "Application/JSON; charset=utf-8": { schema }, "text/csv": {} } },
          "4xx": { content: { "application/problem+json": { schema } } },
          default: { description: "none" },
          "x-internal": {},
          "20": {},
        },
      }),
    );
    expect(operations[0]?.responses).toEqual([
      { status: "200", content: { "application/json": schema, "text/csv": undefined } },
      { status: "4XX", content: { "application/problem+json": schema } },
      { status: "default", content: {} },
    ]);
  });

  it("change what is pinned, also deep below a reference", () => {
    const pinned = (type: string, more: object = {}) => {
      const responses = { 200: { content: { "application/json": { schema: { $ref: "#/components/schemas/A" } } } } };
      const schemas = { A: { properties: { b: { $ref: "#/components/schemas/B" } } }, B: { ...more, type } };
      return map(one({ responses }, { components: { schemas } })).operations[0]?.pinned;
    };
    expect(pinned("string")).toBe(pinned("string"));
    expect(pinned("string")).not.toBe(pinned("integer"));
    expect(pinned("string")).not.toBe(pinned("string", { writeOnly: true }));
    const reordered = { type: "string", maxLength: 1 };
    expect(pinned("string", { maxLength: 1 })).toBe(pinned("string", reordered));
  });
});
