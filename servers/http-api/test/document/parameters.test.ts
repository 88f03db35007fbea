import { describe, expect, it } from "vitest";
import { documentOf, map, one, reasons } from "../support/document.ts";

const query = (name: string, more: object = {}) => ({ name, in: "query", schema: { type: "string" }, ...more });
const header = (name: string, more: object = {}) => ({ name, in: "header", schema: { type: "string" }, ...more });
const mapped = (parameters: readonly unknown[], options: Parameters<typeof map>[1] = {}) =>
  map(one({ parameters }), options);

describe("parameters", () => {
  it("have the styles that the specification gives where the document says nothing", () => {
    const path = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const { operations } = map(
      one(
        {
          parameters: [
            path,
            query("q"),
            header("X-A"),
            query("deep", { style: "deepObject" }),
            query("s", { style: "spaceDelimited" }),
          ],
        },
        { path: "/a/{id}" },
      ),
    );
    expect(
      operations[0]?.parameters.map(({ name, style, explode, required }) => [name, style, explode, required]),
    ).toEqual([
      ["id", "simple", false, true],
      ["q", "form", true, false],
      ["deep", "deepObject", true, false],
      ["s", "spaceDelimited", false, false],
      ["X-A", "simple", false, false],
    ]);
  });

  it("of the operation win over those of the path", () => {
    const document = documentOf({
      "/a": { parameters: [query("q"), query("r")], get: { parameters: [query("q", { required: true })] } },
    });
    expect(map(document).operations[0]?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ["q", true],
      ["r", false],
    ]);
  });

  it("become arguments with plain names, no two the same", () => {
    const path = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const requestBody = { content: { "application/json": { schema: { type: "object" } } } };
    const parameters = [
      path,
      query("id"),
      header("id"),
      query("filter[name]"),
      query("filter_name"),
      query("body"),
      query("9"),
      query("$top"),
      query("__proto__"),
      query("é"),
      query("日"),
    ];
    const { operations } = map(
      one({ operationId: "x", parameters, requestBody }, { path: "/a/{id}", method: "post" }),
      {
        allowWrite: true,
        config: { operations: { write: ["x"] } },
      },
    );
    expect([
      ...(operations[0]?.parameters ?? []).map(({ argument }) => argument),
      operations[0]?.body?.argument,
    ]).toEqual([
      "id",
      "id_query",
      "filter_name",
      "filter_name_query",
      "body",
      "_9",
      "_top",
      "_proto",
      "e",
      "value",
      "id_header",
      "body_body",
    ]);
  });

  it("written as JSON are, and in other media types are left out", () => {
    const content = (type: string) => ({
      name: type,
      in: "query",
      content: { [type]: { schema: { type: "object" } } },
    });
    const found = mapped([content("application/json"), content("application/xml")]);
    expect(found.operations[0]?.parameters).toMatchObject([{ name: "application/json", asJson: true }]);
    expect(reasons(found)).toEqual(["part parameter_content"]);
  });

  it("in cookies are left out, and a required one takes the operation along", () => {
    const cookie = (required: boolean) => ({ name: "session", in: "cookie", required, schema: { type: "string" } });
    expect(reasons(mapped([cookie(false)]))).toEqual(["part cookie_parameter"]);
    const found = mapped([cookie(true)]);
    expect(found.operations).toEqual([]);
    expect(reasons(found)).toEqual(["operation cookie_parameter"]);
  });

  it.each([
    "Host",
    "cookie",
    "Content-Length",
    "Transfer-Encoding",
    "X-HTTP-Method-Override",
    "X-Forwarded-For",
    "Proxy-Authorization",
    "X-Original-URL",
    "Connection",
    "Sec-Fetch-Site",
  ])("of the header %s are no caller's to fill", (name) => {
    const found = mapped([header(name)]);
    expect(found.operations[0]?.parameters).toEqual([]);
    expect(reasons(found)).toEqual(["part reserved_header"]);
    expect(mapped([header(name, { required: true })]).operations).toEqual([]);
  });

  it.each(["Accept", "content-type", "AUTHORIZATION", "X-Version"])(
    "of the header %s are filled by the server, required or not",
    (name) => {
      const found = mapped([header(name, { required: true })], { config: { headers: { "x-version": "1" } } });
      expect(found.operations[0]?.parameters).toEqual([]);
      expect(reasons(found)).toEqual(["part reserved_header"]);
    },
  );

  it("that carry a credential are never arguments, by the configuration or by the document's own word", () => {
    const credential = { type: "api_key", in: "query", name: "api_key", key: { file: "/k" } };
    const securitySchemes = { key: { type: "apiKey", in: "header", name: "X-Secret" } };
    const document = one(
      { parameters: [query("api_key", { required: true }), header("x-secret"), query("X-Secret"), query("_method")] },
      { components: { securitySchemes } },
    );
    const found = map(document, { config: { credential } });
    expect(found.operations[0]?.parameters.map(({ name }) => name)).toEqual(["X-Secret"]);
    expect(reasons(found)).toEqual(["part credential_parameter", "part reserved_header", "part credential_parameter"]);
  });

  it("that make a retry safe are filled by the server", () => {
    const [tool] = mapped([header("Idempotency-Key", { required: true })]).operations;
    expect(tool).toMatchObject({ idempotencyHeader: "Idempotency-Key", parameters: [] });
    const set = { "GET /things": { idempotencyHeader: "X-Once" } };
    expect(mapped([header("x-once")], { config: { operations: { set } } }).operations[0]).toMatchObject({
      idempotencyHeader: "X-Once",
      parameters: [],
    });
  });

  it.each<[string, unknown, string]>([
    ["a header name that ends the line", header("X-A\r\nHost"), "bad_parameter"],
    ["a style of another place", query("q", { style: "matrix" }), "style"],
    ["a schema that is none", query("q", { schema: "string" }), "bad_schema"],
    ["a type that JSON does not have", query("q", { schema: { type: "date" } }), "bad_schema"],
    ["a reference that leads nowhere", query("q", { schema: { $ref: "#/none" } }), "unresolved_ref"],
    ["a place that is none", { name: "q", in: "body" }, "bad_parameter"],
  ])("with %s are left out, and with the operation where they have to be there", (_what, parameter, reason) => {
    expect(reasons(mapped([parameter]))).toEqual([`part ${reason}`]);
    const found = mapped([{ ...(parameter as object), required: true }]);
    expect(found.operations).toEqual([]);
    expect(reasons(found)).toEqual([`operation ${reason}`]);
  });

  it("of a pattern that RE2 does not know are kept without it, and that is reported", () => {
    const found = mapped([query("q", { schema: { type: "string", pattern: "^(?!a)" } })]);
    expect(reasons(found)).toEqual(["part pattern"]);
    expect(found.schemas.listed(found.operations[0]?.parameters[0]?.schema ?? false)).toEqual({ type: "string" });
  });
});
