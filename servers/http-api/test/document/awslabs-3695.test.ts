import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiConfig } from "../../src/config/api-schema.ts";
import { loadDocument } from "../../src/document/load-document.ts";
import { operationsOf } from "../../src/document/operations.ts";
import { documentOf, map, reasons } from "../support/document.ts";

/**
 * awslabs/mcp #3695: a server for OpenAPI documents followed `$ref` to any URL and any file, so that whoever writes a document reads the
 * network and the disk of whoever loads it.
 */
let requests = 0;
const listener = createServer((_request, response) => {
  requests++;
  response.end('{"type":"string"}');
});
let origin = "";
let folder = "";

beforeAll(async () => {
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), "awslabs-3695-"));
  await writeFile(join(folder, "secret.json"), '{"type":"string","enum":["s3cret"]}');
});
afterAll(async () => {
  listener.close();
  await rm(folder, { recursive: true });
});

const withParameter = ($ref: string) =>
  documentOf({ "/a": { get: { parameters: [{ name: "q", in: "query", required: true, schema: { $ref } }] } } });

it("asks no other host for a reference, and reports it", () => {
  const found = map(withParameter(`${origin}/schema.json`));
  expect(found.operations).toEqual([]);
  expect(reasons(found)).toEqual(["operation remote_ref"]);
  expect(requests).toBe(0);
});

it.each([
  "secret.json",
  "./secret.json#/enum",
  "../../../../etc/passwd",
  "file:///etc/passwd",
  "//evil.example/x",
  "secret",
])("reads no other file for %s, not even one that lies beside the document", async (ref) => {
  const path = join(folder, "spec.json");
  await writeFile(path, JSON.stringify(withParameter(ref)));
  const found = operationsOf(await loadDocument(path), "a", apiConfig.parse({}), {
    allowWrite: false,
    hasUploads: false,
    prefix: false,
  });
  expect(found.operations).toEqual([]);
  expect(reasons(found)).toEqual(["operation remote_ref"]);
  expect(JSON.stringify(found.leftOut)).not.toContain("s3cret");
});

it("follows no remote path item, parameter, body, response or answer schema", () => {
  const $ref = `${origin}/x.json`;
  const ok = { content: { "application/json": { schema: { type: "array", items: { $ref } } } } };
  const found = map(
    documentOf({
      "/item": { $ref },
      "/parameter": { get: { parameters: [{ $ref }] } },
      "/body": { post: { requestBody: { $ref } } },
      "/response": { get: { responses: { 200: { $ref } } } },
      "/schema": { get: { responses: { 200: ok } } },
    }),
    { allowWrite: true, config: { operations: { write: ["POST /body"] } } },
  );
  expect(found.operations).toEqual([]);
  expect(found.leftOut.map(({ where }) => where).sort()).toEqual([
    "/item",
    "GET /parameter",
    "GET /response",
    "GET /schema",
    "POST /body",
  ]);
  expect(requests).toBe(0);
});

it("lets nothing pass for the schema of an error that leads elsewhere", () => {
  const bad = { content: { "application/json": { schema: { $ref: `${origin}/x.json` } } } };
  const found = map(documentOf({ "/a": { get: { responses: { 200: {}, 404: bad } } } }));
  const schema = found.operations[0]?.responses[1]?.content["application/json"];
  expect(schema).toBe(false);
  expect(found.schemas.outputCheck(false, { undeclared: "drop" })({ secret: 1 })).toMatchObject({
    ok: false,
    value: null,
  });
  expect(reasons(found)).toEqual(["part remote_ref"]);
});
