import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DemoUpstreams, openUpstreams } from "./api-upstreams.ts";
import { type AnyClient, stdioClient, type ToolAnswer } from "./clients.ts";
import type { Expect } from "./database.ts";
import { dim, green, line, red } from "./paint.ts";

/** An API behind a document, asked by a client that means well, and by one that does not; the API does not always mean well either. */
export async function askTheApi(base: string, expect: Expect): Promise<void> {
  await using upstreams = await openUpstreams();
  const folder = join(base, "api");
  mkdirSync(folder, { mode: 0o700 });
  const config = configure(folder, upstreams);
  const client = await stdioClient("http-api", [
    "--config",
    config,
    "--audit-dir",
    join(base, "api-audit"),
    "--allow-write",
  ]);
  try {
    await answered(client, upstreams, expect);
    await refused(client, upstreams, expect);
  } finally {
    await client.close();
  }
}

function configure(folder: string, { origin, key }: DemoUpstreams): string {
  const [spec, keyFile, config] = ["openapi.json", "api.key", "api.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(spec, JSON.stringify(DOCUMENT));
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
  writeFileSync(
    config,
    JSON.stringify({
      apis: {
        shop: {
          spec,
          baseUrl: `${origin}/v1`,
          credential: { type: "api_key", name: "X-API-Key", key: { file: keyFile } },
          operations: { write: ["pay"], set: { pay: { effect: "external" } } },
          response: { mask: [{ field: "customer.email" }] },
          upstream: { retries: 0 },
        },
      },
      markUntrusted: false,
    }),
  );
  return config;
}

async function answered(client: AnyClient, { asked }: DemoUpstreams, expect: Expect): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>, sees: RegExp): Promise<void> => {
    const answer = await client.call(tool, args);
    expect(what, answer.isError !== true && sees.test(textOf(answer)));
    line(what, green("yes "), dim(textOf(answer).slice(0, 100)));
  };
  await show("an operation of the document", "get_order", { id: 7 }, /lamp/);
  await show("a field that is masked", "get_order", { id: 7 }, /"email":"\*\*\*"/);
  await show("our own key, echoed by the API", "get_echo", {}, /\*\*\*/);
  expect(
    "the key reaches the API",
    asked().some((request) => request.hasKey),
  );
}

async function refused(client: AnyClient, upstreams: DemoUpstreams, expect: Expect): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>, code: string): Promise<void> => {
    const { structuredContent } = await client.call(tool, args);
    const error = structuredContent?.error;
    expect(`${what} is refused with ${code}`, error?.code === code);
    line(what, red("no  "), `${error?.code ?? "?"}: ${dim(error?.message ?? "answered!")}`);
  };
  await show("an id that climbs: ..", "get_customer", { id: ".." }, "invalid_input");
  await show("an id that climbs: %2e%2e/admin", "get_customer", { id: "%2e%2e/admin" }, "invalid_input");
  await show("an argument of the wrong type", "get_order", { id: "seven" }, "invalid_input");
  await show("a redirect to another host", "get_moved", {}, "denied");
  await show("an error with a stack trace in it", "get_broken", {}, "unavailable");
  await show("an answer without an end", "get_endless", {}, "too_large");
  await show("a payment, which nobody agreed to", "pay", { body: { amount: 5 } }, "approval_required");
  expect("nobody else was asked", upstreams.elsewhere() === 0);
  expect(
    "nothing was paid",
    upstreams.asked().every(({ path }) => path !== "/v1/payments"),
  );
  expect(
    "nothing beside the API was reached",
    upstreams.asked().every(({ path }) => path.startsWith("/v1/")),
  );
}

function textOf(answer: ToolAnswer): string {
  return answer.content?.[0]?.text ?? "";
}

const ok = { description: "It." };
const anything = { responses: { 200: ok } };
const idOf = (schema: object) => [{ name: "id", in: "path", required: true, schema }];

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: {
    "/orders/{id}": {
      get: { operationId: "getOrder", summary: "One order.", parameters: idOf({ type: "integer" }), ...anything },
    },
    "/customers/{id}": {
      get: { operationId: "getCustomer", summary: "One customer.", parameters: idOf({ type: "string" }), ...anything },
    },
    "/echo": { get: { operationId: "getEcho", summary: "What was asked.", ...anything } },
    "/moved": { get: { operationId: "getMoved", summary: "Something that has moved.", ...anything } },
    "/broken": { get: { operationId: "getBroken", summary: "Something that fails.", ...anything } },
    "/endless": { get: { operationId: "getEndless", summary: "Something long.", ...anything } },
    "/payments": {
      post: {
        operationId: "pay",
        summary: "Pays.",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { type: "object", properties: { amount: { type: "integer" } } } } },
        },
        ...anything,
      },
    },
  },
};
