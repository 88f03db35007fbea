import { describe, expect, it } from "vitest";
import type { JsonSchema, SchemaSet } from "../../src/model/json-schema.ts";
import type { ApiResponse } from "../../src/model/operation.ts";
import { declaredChecks } from "../../src/response/declared-checks.ts";
import { operation } from "../request/support/operation.ts";

const schema = (title: string): JsonSchema => ({ title });
const RESPONSES: readonly ApiResponse[] = [
  { status: "200", content: { "application/json": schema("ok"), "text/*": schema("text"), "text/csv": undefined } },
  { status: "4xx", content: { "application/problem+json": schema("problem") } },
  { status: "default", content: { "*/*": schema("any") } },
];

/** Says which schema a check was made of. */
function titles(responses: readonly ApiResponse[]) {
  const made: unknown[] = [];
  const schemas = {
    outputCheck(given: JsonSchema, options: unknown) {
      made.push([given, options]);
      return () => ({ ok: true, value: (given as { title: string }).title }) as const;
    },
  } as unknown as SchemaSet;
  const check = declaredChecks(operation({ responses }), schemas, { undeclared: "drop" });
  const title = (status: number, type: string) => {
    const checked = check(status, type)?.(null);
    return checked?.ok ? checked.value : undefined;
  };
  return { title, check, made };
}

describe("declared checks", () => {
  it.each([
    [200, "application/json", "ok"],
    [200, "text/html", "text"],
    [200, "text/csv", undefined],
    [404, "application/problem+json", "problem"],
    [500, "application/json", "any"],
    [201, "application/json", "any"],
    // Another name for JSON is JSON.
    [200, "application/vnd.other+json", "ok"],
    [404, "application/json", "problem"],
    [200, "application/xml", undefined],
    [200, "constructor", undefined],
  ])("%i %s is held against %s", (status, type, title) => {
    expect(titles(RESPONSES).title(status, type)).toBe(title);
  });

  it("hold another status of success against the declared one where there is no default", () => {
    const { title } = titles(RESPONSES.slice(0, 1));
    expect([title(206, "application/json"), title(299, "application/x+json"), title(404, "application/json")]).toEqual([
      "ok",
      "ok",
      undefined,
    ]);
  });

  it.each([
    [202, "application/json", "thing"],
    [202, "application/x+json", "thing"],
    [202, "text/plain", "misfit"],
    [200, "text/plain", "misfit"],
    [404, "text/plain", undefined],
  ])("%i %s, where a success without a body stands before one with, is held against %s", (status, type, title) => {
    const { title: titleOf, check } = titles([
      { status: "202", content: {} },
      { status: "200", content: { "application/json": schema("thing") } },
    ]);
    const rule = check(status, type)?.(null);
    expect(rule?.ok === false ? "misfit" : titleOf(status, type)).toBe(title);
  });

  it("hold a success that is not declared against one that is, whatever a default without a schema says", () => {
    const free = { status: "default", content: { "application/json": undefined } };
    const created = { status: "201", content: { "application/json": undefined } };
    const { title } = titles([created, free, { status: "200", content: { "application/json": schema("thing") } }]);
    expect([201, 202, 299, 404].map((status) => title(status, "application/json"))).toEqual([
      undefined,
      "thing",
      "thing",
      undefined,
    ]);
  });

  it("hold JSON against the schema of another type where no JSON is declared, and other text against none", () => {
    const { title, check } = titles([{ status: "200", content: { "application/xml": schema("thing") } }]);
    expect(title(200, "application/json")).toBe("thing");
    expect(check(200, "text/plain")?.("")).toMatchObject({ ok: false, issues: [{ rule: "media_type" }] });
    const text = { "text/json": undefined, "text/csv": schema("text") };
    expect(titles([{ status: "200", content: text }]).title(200, "text/html")).toBe("text");
  });

  it("hold nothing where nothing is declared", () => {
    expect(titles([]).check(200, "text/plain")).toBeUndefined();
    expect(titles([{ status: "200", content: {} }]).check(201, "application/json")).toBeUndefined();
  });

  it("are made once for each schema, when they are asked for", () => {
    const { title, made } = titles(RESPONSES);
    expect(made).toEqual([]);
    for (const type of ["application/json", "application/json", "application/a+json"]) title(200, type);
    expect(made).toEqual([[schema("ok"), { undeclared: "drop" }]]);
  });
});
