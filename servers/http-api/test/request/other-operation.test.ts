import { describe, expect, it } from "vitest";
import { apiConfig } from "../../src/config/api-schema.ts";
import { handwrittenOperations } from "../../src/handwritten/operations.ts";
import type { ApiOperation } from "../../src/model/operation.ts";
import { documentOf, map } from "../support/document.ts";
import { build, operation, parameter, refused } from "./support/operation.ts";

const inPath = (...names: readonly string[]) =>
  names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
const one = (path: string, ...names: readonly string[]): ApiOperation =>
  operation({ path, parameters: names.map((name) => parameter(name, "path")) });

const TEMPLATES = [
  "/users/{id}",
  "/users/export",
  "/users/{id}:purge",
  "/users/{id}/files/{name}",
  "/users/admin/files/{file}",
  "/users/{id}/files/secrets.txt",
  "/users/{id}/keys",
  "/caf%C3%A9/{x}/b",
].map((path) => ({ method: "GET" as const, path }));
const other = [{ method: "POST" as const, path: "/users/drafts" }];
const ask = (made: ApiOperation, args: Record<string, string>) => {
  const options = { templates: [...TEMPLATES, ...other] };
  return refused(() => build(made, args, options));
};

describe("a value of the path", () => {
  it("is needed to be held to the other paths: without, it asks for another operation", () => {
    expect(build(one("/users/{id}", "id"), { id: "export" }).url.pathname).toBe("/v1/users/export");
  });

  it.each([
    "export",
    "EXPORT",
    "%65xport",
    "%2565xport",
    "ｅｘｐｏｒｔ",
    "exp\u{ad}ort",
    "export;x=1",
    "export.",
    "export ",
    "export.json",
    "export?x",
    "export#x",
    "export%3Fx",
    "42:purge",
    "42:PURGE",
  ])("that makes it the path of another operation is refused: %j", (id) => {
    expect(ask(one("/users/{id}", "id"), { id })).toBe("invalid_input request/other_operation@id");
  });

  it.each(["42", "exports", "export-2", "drafts", "keys", "purge", ":purge", "admin"])(
    "may else be what it is: %s",
    (id) => {
      expect(ask(one("/users/{id}", "id"), { id })).toBeUndefined();
    },
  );

  it("is looked at together with the others", () => {
    const files = one("/users/{id}/files/{name}", "id", "name");
    expect(ask(files, { id: "admin", name: "x" })).toBe("invalid_input request/other_operation@id");
    expect(ask(files, { id: "7", name: "secrets.txt" })).toBe("invalid_input request/other_operation@name");
    expect(ask(files, { id: "7", name: "x" })).toBeUndefined();
  });

  it("does not stand in the way of the more specific operation itself", () => {
    expect(ask(one("/users/{id}:purge", "id"), { id: "42" })).toBeUndefined();
    expect(ask(one("/users/export"), {})).toBeUndefined();
    expect(ask(one("/users/admin/files/{file}", "file"), { file: "x" })).toBeUndefined();
  });

  it("with slashes that are let through is read as a server that splits it would", () => {
    const project = { ...one("/users/{id}", "id"), slashes: "encode" as const };
    expect(ask(project, { id: "7/keys" })).toBe("invalid_input request/other_operation@id");
    expect(ask(project, { id: "7/8" })).toBeUndefined();
  });

  it("reaches HEAD's operations through GET's paths, and the other way round", () => {
    const head = { ...one("/users/{id}", "id"), method: "HEAD" as const };
    expect(ask(head, { id: "export" })).toBe("invalid_input request/other_operation@id");
    const post = { ...one("/users/{id}", "id"), method: "POST" as const };
    expect(ask(post, { id: "export" })).toBeUndefined();
    expect(ask(post, { id: "drafts" })).toBe("invalid_input request/other_operation@id");
  });
});

describe("the paths of an API", () => {
  it("are all that its document has, offered or not, and those written by hand", () => {
    const found = map(
      documentOf({
        "/users/{id}": { get: { parameters: inPath("id") } },
        "/users/export": { get: { operationId: "exportAll" } },
        "/users/odd?x=1": { get: {} },
      }),
      { config: { operations: { deny: { ids: ["exportAll"] } } } },
    );
    expect(found.templates).toEqual([
      { method: "GET", path: "/users/{id}" },
      { method: "GET", path: "/users/export" },
      { method: "GET", path: "/users/odd" },
    ]);
    const tools = { purge: { method: "DELETE", path: "/users/all", description: "All." } };
    const written = handwrittenOperations("shop", apiConfig.parse({ tools }), { allowWrite: false, hasUploads: false });
    expect(written.templates).toEqual([{ method: "DELETE", path: "/users/all" }]);
  });
});
