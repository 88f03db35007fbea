import { expect, it } from "vitest";
import { testFolder } from "../support/folder.ts";
import { openApi } from "../support/session.ts";
import { httpUpstream, json } from "../support/upstreams/http-upstream.ts";

const inPath = [{ in: "path", name: "id", required: true, schema: { type: "string" } }];
const anyText = { type: "object", additionalProperties: { type: "string" } };
const form = { required: true, content: { "application/x-www-form-urlencoded": { schema: anyText } } };
const responses = { 200: { description: "It." } };
const header = (name: string) => ({ in: "header", name, schema: { type: "string" } });

/** One reads, one may not be had, and the rest are ways by which frameworks take one operation for another. */
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Users", version: "1" },
  paths: {
    "/users/{id}": {
      get: { operationId: "getUser", parameters: inPath, responses },
      delete: { operationId: "deleteUser", parameters: inPath, responses },
      post: { operationId: "updateUser", parameters: inPath, requestBody: form, responses },
    },
    "/users/export": { get: { operationId: "exportAll", responses } },
    "/search": {
      get: { operationId: "search", parameters: [{ in: "query", name: "filter", schema: anyText }], responses },
    },
    "/headers": {
      get: { operationId: "headers", parameters: [header("X_HTTP_Method_Override"), header("X-Client-IP")], responses },
    },
  },
};
const OPERATIONS = { deny: { ids: ["exportAll"] }, write: ["updateUser"] };

async function stage() {
  const folder = testFolder();
  const upstream = await httpUpstream(({ target }) => json({ asked: target }));
  const served = { baseUrl: `${upstream.origin}/v1`, document: DOCUMENT };
  const session = await openApi(folder, served, { args: ["--allow-write"], api: { operations: OPERATIONS } });
  return {
    session,
    upstream,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

it("no argument reaches an operation that is denied, or turns one into another", async () => {
  await using staged = await stage();
  const { session, upstream } = staged;
  const tools = (await session.listTools()).map(({ name }) => name);
  expect(tools.sort()).toEqual(["get_user", "headers", "search", "update_user"]);
  const attacks: [string, Record<string, unknown>][] = [
    ...["export", "EXPORT", "export;a", "export.json"].map((id): [string, { id: string }] => ["get_user", { id }]),
    ...["_method", "_METHOD", "_method[]"].map((key): [string, object] => [
      "update_user",
      { id: "7", body: { [key]: "DELETE" } },
    ]),
    ...["_method", "x-http-method-override"].map((key): [string, object] => [
      "search",
      { filter: { [key]: "DELETE" } },
    ]),
    ["headers", { X_HTTP_Method_Override: "DELETE" }],
    ["headers", { X_Client_IP: "127.0.0.1" }],
  ] as [string, Record<string, unknown>][];
  for (const [tool, args] of attacks) {
    expect(await session.call(tool, args), JSON.stringify(args)).toMatchObject({
      isError: true,
      code: "invalid_input",
    });
  }
  expect(upstream.requests).toEqual([]);
  const answer = await session.call("get_user", { id: "42" });
  expect(answer.structured?.["body"]).toEqual({ asked: "/v1/users/42" });
});
