import { noAudit } from "@hardened-mcp/server/command-line";
import { expect, it } from "vitest";
import { describeApis } from "../src/apis/describe-apis.ts";
import { unopened } from "../src/apis/open-apis.ts";
import { configSchema } from "../src/config/schema.ts";
import { createHttpApiServer } from "../src/create.ts";
import { testFolder } from "./support/folder.ts";

const LEAF = {
  type: "object",
  properties: { deep: { type: "string", maxLength: 8, description: "What it is called." } },
};
const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "A", version: "1" },
  paths: {
    "/a": {
      post: {
        operationId: "changed",
        description: "Keeps a note.",
        parameters: [{ name: "kind", in: "query", description: "Of what kind.", schema: { type: "string" } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Body" } } } },
        responses: { 200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Answer" } } } } },
      },
      get: { operationId: "other", description: "Reads notes.", responses: {} },
    },
  },
  components: {
    schemas: {
      Body: { type: "object", properties: { leaf: { $ref: "#/components/schemas/Leaf" } } },
      Answer: { type: "array", items: { $ref: "#/components/schemas/AnswerLeaf" } },
      Leaf: LEAF,
      AnswerLeaf: LEAF,
    },
  },
};

/** The hashes by which an operator, a policy and the audit log know the tools again. */
async function definitionsOf(text: string): Promise<Readonly<Record<string, string>>> {
  using folder = testFolder();
  const spec = folder.write("openapi.json", text);
  const config = configSchema.parse({
    allowWrite: true,
    apis: { api: { spec, baseUrl: "https://api.example.com", operations: { write: ["changed"] } } },
  });
  const apis = (await describeApis(config)).map(unopened);
  const { operations } = createHttpApiServer({ config, apis, audit: noAudit, version: "1" });
  return Object.fromEntries(operations.map(({ target, definition }) => [target.name, definition]));
}

it.each([
  ["the description of the operation", (text: string) => text.replace("Keeps a note.", "Keeps a note for ever.")],
  ["the description of a parameter", (text: string) => text.replace("Of what kind.", "Of which kind.")],
  ["the name of a parameter", (text: string) => text.replace('"kind"', '"sort"')],
  ["a description two references deep", (text: string) => text.replace("What it is called.", "Its name.")],
  ["a bound two references deep", (text: string) => text.replace('"maxLength":8', '"maxLength":9')],
  [
    "a bound of the answer, which no listing shows",
    (text: string) => text.replace(/(.*)"maxLength":8/, '$1"maxLength":9'),
  ],
])("%s makes another tool of it, and of no other", async (_what, change) => {
  const text = JSON.stringify(DOCUMENT);
  expect(change(text)).not.toBe(text);
  const [before, after] = [await definitionsOf(text), await definitionsOf(change(text))];
  expect(after["changed"]).not.toBe(before["changed"]);
  expect([after["other"], Object.keys(after).length]).toEqual([before["other"], 2]);
});
