import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { openApi, type Session } from "../support/session.ts";

const HASH = "canary-password-hash";
const EMAIL = "canary@customer.example";

type Answer = readonly [status: number, type: string, body: unknown];

/** What an API answers that tries to show more than its document declares, by the id that is asked for. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  created: [201, "application/json", { id: "a", passwordHash: HASH }],
  odd: [299, "application/json", { id: "a", passwordHash: HASH }],
  other_json: [200, "application/vnd.other+json", { id: "a", passwordHash: HASH }],
  text_json: [200, "text/json", { id: "a", passwordHash: HASH }],
  text: [200, "text/plain", JSON.stringify({ id: "a", passwordHash: HASH })],
  html: [200, "text/html", `<p>${HASH} ${EMAIL}`],
  markdown: [202, "text/markdown", HASH],
  csv: [201, "text/csv", HASH],
  list: [200, "application/json", [{ id: "a", passwordHash: HASH }]],
};

const ORDERS: Readonly<Record<string, unknown>> = {
  honest: { id: "1", customer: { email: EMAIL } },
  text_above: { id: "1", customer: EMAIL },
  list_above: { id: "1", customer: [{ email: EMAIL }, EMAIL] },
  around: [{ id: "1", customer: { email: EMAIL } }],
};

const user = { type: "object", properties: { id: { type: "string" } } };
const order = {
  type: "object",
  properties: {
    id: { type: "string" },
    customer: { anyOf: [{ type: "object", properties: { email: { type: "string" } } }, {}] },
  },
};
const ok = (schema: object, type = "application/json") => ({
  200: { description: "", content: { [type]: { schema } } },
});
const parameters = [{ in: "path", name: "id", required: true, schema: { type: "string" } }];
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Users", version: "1" },
  paths: {
    "/users/{id}": {
      get: {
        operationId: "getUser",
        summary: "A user.",
        parameters,
        responses: { ...ok(user), default: { description: "", content: { "application/json": {} } } },
      },
    },
    "/anything/{id}": {
      get: { operationId: "getAnything", summary: "A user.", parameters, responses: ok(user, "*/*") },
    },
    "/orders": {
      get: { operationId: "listOrders", summary: "Orders.", responses: ok({ type: "array", items: order }) },
    },
    "/orders/{id}": {
      get: {
        operationId: "getOrder",
        summary: "An order.",
        parameters,
        responses: ok({ anyOf: [order, { type: "array", items: order }] }),
      },
    },
  },
};

function answerOf(path: string): Answer {
  const [, kind, id = ""] = path.split("/");
  if (kind !== "orders") return ANSWERS[id] ?? [200, "application/json", { id, passwordHash: HASH }];
  return [200, "application/json", id === "" ? [ORDERS["honest"]] : ORDERS[id]];
}

function upstream(): Promise<Server> {
  const server = createServer((request, response) => {
    const [status, type, content] = answerOf(request.url ?? "/");
    response.writeHead(status, { "content-type": type });
    response.end(typeof content === "string" ? content : JSON.stringify(content));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("an API that answers in another shape than its document says", () => {
  let server: Server;
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    server = await upstream();
    folder = testFolder();
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const masked = { response: { mask: [{ field: "customer.email", as: "fixed" }] } };
    session = await openApi(
      folder,
      { baseUrl, document: DOCUMENT },
      { api: { operations: { set: { getOrder: masked, listOrders: masked } } } },
    );
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    folder[Symbol.dispose]();
  });

  it.each(["get_user", "get_anything"])("shows nothing undeclared: %s", async (tool) => {
    for (const id of [...Object.keys(ANSWERS), "plain"]) {
      const answer = await session.call(tool, { id });
      expect(JSON.stringify(answer), id).not.toContain("canary");
      // Text cannot be cut to what is declared, and text/json is no type that is read by default.
      expect(answer.isError, id).toBe(["text", "text_json", "html", "markdown", "csv"].includes(id));
    }
  });

  it.each(["get_user", "get_anything"])(
    "is held to its schema under another status or type of JSON: %s",
    async (tool) => {
      for (const [id, status] of [
        ["created", 201],
        ["odd", 299],
        ["other_json", 200],
      ] as const) {
        expect((await session.call(tool, { id })).structured).toMatchObject({ status, body: { id: "a" } });
      }
    },
  );

  it("shows nothing masked", async () => {
    for (const id of Object.keys(ORDERS)) {
      const answer = await session.call("get_order", { id });
      expect(answer.isError, id).toBe(false);
      expect(JSON.stringify(answer), id).not.toContain("canary");
    }
    const list = await session.call("list_orders", {});
    expect(list.structured).toMatchObject({ body: [{ id: "1", customer: { email: "***" } }] });
  });
});
