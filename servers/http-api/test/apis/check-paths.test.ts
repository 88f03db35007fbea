import { ConfigError } from "@hardened-mcp/server";
import { describe, expect, it } from "vitest";
import { checkPaths } from "../../src/apis/check-paths.ts";
import { type ResponseConfig, responseConfig } from "../../src/config/response-schema.ts";
import type { NamedOperation } from "../../src/context.ts";
import type { JsonSchema } from "../../src/model/json-schema.ts";
import { createSchemaSet } from "../../src/schema/schema-set.ts";
import { operation } from "../request/support/operation.ts";

const CUSTOMER = {
  type: "object",
  properties: { email: { type: "string" }, parent: { $ref: "#/Customer" }, free: {} },
};
const ORDER = {
  type: "object",
  properties: { id: {}, customer: { $ref: "#/Customer" }, tags: { type: "array", items: { type: "string" } } },
  patternProperties: { "^x-": { type: "string" } },
};
const ORDERS = { type: "array", items: ORDER };

const schemas = createSchemaSet({ root: { Customer: CUSTOMER }, dialect: "3.1" });

function answering(schema: JsonSchema | undefined, response: ResponseConfig): NamedOperation {
  const responses = [
    { status: "200", content: { "application/json": schema } },
    { status: "404", content: {} },
  ];
  return { operation: operation({ responses }), schemas, response };
}

function found(schema: JsonSchema | undefined, kind: "mask" | "fields", path: string, more: object = {}): boolean {
  const response = responseConfig.parse({ [kind]: kind === "mask" ? [{ field: path }] : [path], ...more });
  try {
    return checkPaths("shop", { response }, [answering(schema, response)], []).length === 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).toContain(`apis.shop.response.${kind}: "${path}" leads nowhere`);
    return false;
  }
}

describe("paths of masks and fields", () => {
  it.each<[JsonSchema, "mask" | "fields", string, boolean]>([
    [ORDER, "mask", "customer.email", true],
    [ORDER, "mask", "customer.emial", false],
    [ORDER, "mask", "customer.email.host", false],
    [ORDER, "mask", "Customer.email", false],
    [ORDER, "mask", "*.email", true],
    [ORDER, "mask", "*.*.email", true],
    [ORDER, "mask", "customer.parent.parent.parent.email", true],
    [ORDER, "mask", "customer.parent.parent.ssn", false],
    [ORDER, "mask", "customer.free.any.thing", true],
    [ORDER, "mask", "tags.0", true],
    [ORDER, "mask", "tags.name", false],
    [ORDER, "mask", "x-trace", true],
    [ORDERS, "mask", "customer.email", true],
    [ORDERS, "mask", "*.customer.email", true],
    [ORDERS, "fields", "*.customer.email", true],
    // A selection steps through no list that it does not name.
    [ORDERS, "fields", "customer.email", false],
    [{ type: "string" }, "mask", "a", false],
    [{ anyOf: [{ type: "string" }, ORDER] }, "mask", "customer.email", true],
    [{ type: "object", additionalProperties: CUSTOMER }, "mask", "any.email", true],
    [{ type: "object", additionalProperties: CUSTOMER }, "mask", "any.ssn", false],
    [{ type: "object" }, "mask", "any.thing", true],
    [true, "mask", "any.thing", true],
  ])("of %j: %s %s, %s", (schema, kind, path, expected) => {
    expect(found(schema, kind, path)).toBe(expected);
  });

  it("may lead anywhere where nothing is declared, or what is undeclared is shown", () => {
    expect(found(undefined, "mask", "a.b")).toBe(true);
    expect(found(ORDER, "mask", "a.b", { undeclared: "keep" })).toBe(true);
    expect(found(ORDER, "mask", "a.b", { errorBodies: true })).toBe(true);
  });

  it("are said to lead nowhere where they may be for what is not offered, unless an operation has them alone", () => {
    const response = responseConfig.parse({ mask: [{ field: "key" }] });
    const leftOut = [{ where: "POST /keys", reason: "needs_allow_write", message: "", what: "operation" }] as const;
    expect(checkPaths("shop", { response }, [answering(ORDER, response)], leftOut)).toMatchObject([
      { where: "apis.shop.response.mask", reason: "no_such_field", what: "part" },
    ]);
    const own = { ...response, mask: [{ field: "key", as: "null" as const }] };
    expect(() => checkPaths("shop", { response }, [answering(ORDER, own)], leftOut)).toThrow(/mask of .*"key"/);
    // One of several operations is enough.
    expect(
      checkPaths(
        "shop",
        { response },
        [ORDER, undefined].map((one) => answering(one, response)),
        [],
      ),
    ).toEqual([]);
  });
});
