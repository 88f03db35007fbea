import { dump } from "js-yaml";
import { COMPONENTS } from "./schemas.ts";
import { stylePaths } from "./styles.ts";

interface Sketch {
  readonly id: string;
  readonly answer?: keyof typeof COMPONENTS.responses | "none";
  readonly parameters?: readonly object[];
  readonly body?: Readonly<Record<string, unknown>>;
  readonly tag?: string;
}

const inPath = (name: string, schema: object = { type: "string" }) => ({ name, in: "path", required: true, schema });
const inQuery = (name: string, schema: object = { type: "string" }) => ({ name, in: "query", schema });
const inHeader = (name: string) => ({ name, in: "header", schema: { type: "string" } });
const ITEM_ID = inPath("id", { type: "integer", minimum: 1 });
const NEW_ITEM = { "application/json": { schema: { $ref: "#/components/schemas/NewItem" } } };
const FORM = {
  type: "object",
  properties: {
    name: { type: "string" },
    sizes: { type: "array", items: { type: "integer" } },
    detail: { type: "object", properties: { a: { type: "string" } } },
  },
  additionalProperties: false,
} as const;

/** Method and path, and what is worth saying about it; the rest is the same for all. */
const SKETCHES: Readonly<Record<string, Sketch>> = {
  "GET /users/{id}": { id: "getUser", answer: "Echo", parameters: [inPath("id")] },
  "GET /users/{id}/files/{name}/detail": {
    id: "getUserFile",
    answer: "Echo",
    parameters: [inPath("id"), inPath("name")],
  },
  "GET /echo": {
    id: "echo",
    answer: "Echo",
    parameters: [inQuery("q"), inQuery("token"), inHeader("X-Note"), inHeader("Accept-Language")],
  },
  "GET /items": {
    id: "listItems",
    answer: "Page",
    tag: "items",
    parameters: [inQuery("limit", { type: "integer", minimum: 1, maximum: 1000 }), inQuery("cursor")],
  },
  "POST /items": { id: "createItem", answer: "Item", tag: "items", body: NEW_ITEM },
  "GET /items/{id}": { id: "getItem", answer: "Item", tag: "items", parameters: [ITEM_ID] },
  "HEAD /items/{id}": { id: "headItem", answer: "none", tag: "items", parameters: [ITEM_ID] },
  "PUT /items/{id}": { id: "replaceItem", answer: "Item", tag: "items", parameters: [ITEM_ID], body: NEW_ITEM },
  "PATCH /items/{id}": {
    id: "patchItem",
    answer: "Item",
    tag: "items",
    parameters: [ITEM_ID],
    body: {
      "application/merge-patch+json": { schema: { type: "object", properties: COMPONENTS.schemas.NewItem.properties } },
    },
  },
  "DELETE /items/{id}": { id: "deleteItem", answer: "none", tag: "items", parameters: [ITEM_ID] },
  "GET /pages/link": {
    id: "pageByLink",
    answer: "Page",
    tag: "pages",
    parameters: [inQuery("page", { type: "integer" })],
  },
  "GET /pages/link-foreign": {
    id: "pageByForeignLink",
    answer: "Page",
    tag: "pages",
    parameters: [inQuery("page", { type: "integer" })],
  },
  "GET /pages/cursor": { id: "pageByCursor", answer: "Page", tag: "pages", parameters: [inQuery("cursor")] },
  "GET /pages/page": {
    id: "pageByNumber",
    answer: "Page",
    tag: "pages",
    parameters: [inQuery("page", { type: "integer" }), inQuery("per_page", { type: "integer" })],
  },
  "GET /pages/offset": {
    id: "pageByOffset",
    answer: "Page",
    tag: "pages",
    parameters: [inQuery("offset", { type: "integer" }), inQuery("limit", { type: "integer" })],
  },
  "GET /cache/{kind}": {
    id: "cached",
    answer: "Anything",
    tag: "cache",
    parameters: [inPath("kind"), inHeader("Accept-Language")],
  },
  "POST /payments": {
    id: "pay",
    answer: "Anything",
    body: {
      "application/json": {
        schema: { type: "object", required: ["amount"], properties: { amount: { type: "integer" } } },
      },
    },
    parameters: [inQuery("failures", { type: "integer" })],
  },
  "POST /plain-payments": {
    id: "payWithoutKey",
    answer: "Anything",
    body: {
      "application/json": {
        schema: { type: "object", required: ["amount"], properties: { amount: { type: "integer" } } },
      },
    },
    parameters: [inQuery("failures", { type: "integer" })],
  },
  "GET /flaky/{name}": {
    id: "flaky",
    answer: "Anything",
    parameters: [
      inPath("name"),
      inQuery("failures", { type: "integer" }),
      inQuery("status", { type: "integer" }),
      inQuery("retryAfter"),
    ],
  },
  "GET /status/{code}": {
    id: "answerWithStatus",
    answer: "Anything",
    parameters: [inPath("code", { type: "integer" })],
  },
  "GET /credential": { id: "tellCredential", answer: "Anything" },
  "GET /texts/{kind}": { id: "readText", answer: "Text", tag: "texts", parameters: [inPath("kind")] },
  "GET /json/hidden": { id: "hiddenInJson", answer: "Anything", tag: "json" },
  "GET /json/big-integers": { id: "bigIntegers", answer: "Anything", tag: "json" },
  "GET /json/large": {
    id: "largeList",
    answer: "Page",
    tag: "json",
    parameters: [inQuery("count", { type: "integer" })],
  },
  "GET /json/mismatch": { id: "mismatch", answer: "Item", tag: "json" },
  "GET /json/undeclared": { id: "undeclared", answer: "Item", tag: "json" },
  "POST /upload/json": {
    id: "uploadJson",
    answer: "Echo",
    tag: "upload",
    body: { "application/json": { schema: FORM } },
  },
  "POST /upload/urlencoded": {
    id: "uploadUrlencoded",
    answer: "Echo",
    tag: "upload",
    body: { "application/x-www-form-urlencoded": { schema: FORM } },
  },
  "POST /upload/multipart": {
    id: "uploadMultipart",
    answer: "Echo",
    tag: "upload",
    body: {
      "multipart/form-data": {
        schema: {
          type: "object",
          required: ["file"],
          properties: {
            note: { type: "string" },
            detail: { type: "object", properties: { a: { type: "string" } } },
            file: { type: "string", format: "binary" },
          },
        },
        encoding: { detail: { contentType: "application/json" } },
      },
    },
  },
  "POST /upload/text": {
    id: "uploadText",
    answer: "Echo",
    tag: "upload",
    body: { "text/plain": { schema: { type: "string" } } },
  },
  "PUT /upload/file": {
    id: "uploadFile",
    answer: "Echo",
    tag: "upload",
    body: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
  },
};

/** The API's document. What hides behind it (`/admin`, `/v1/detail`) is not in it. */
export function referenceDocument(baseUrl: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [where, sketch] of Object.entries(SKETCHES)) {
    const [method = "", path = ""] = where.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(sketch) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Reference API", version: "1.0.0" },
    servers: [{ url: baseUrl }],
    paths: { ...paths, ...stylePaths() },
    components: COMPONENTS,
  };
}

export function toYaml(document: Readonly<Record<string, unknown>>): string {
  return dump(document, { noRefs: true });
}

function operationOf({ id, answer = "none", parameters = [], body, tag }: Sketch): object {
  return {
    operationId: id,
    summary: `Does ${id}.`,
    ...(tag === undefined ? {} : { tags: [tag] }),
    parameters,
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses:
      answer === "none"
        ? { "204": { description: "Done." } }
        : { "2XX": { $ref: `#/components/responses/${answer}` }, default: { description: "An error." } },
  };
}
