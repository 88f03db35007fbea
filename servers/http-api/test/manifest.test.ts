import { readFileSync } from "node:fs";
import { manifestOf } from "@hardened-mcp/server";
import { noAudit } from "@hardened-mcp/server/command-line";
import { expect, it } from "vitest";
import { describeApis } from "../src/apis/describe-apis.ts";
import { unopened } from "../src/apis/open-apis.ts";
import { configSchema } from "../src/config/schema.ts";
import { createHttpApiServer } from "../src/create.ts";
import { noPages } from "../src/fetch-url/pages.ts";

/** A bank, written by hand, and pages of two hosts. */
const CONFIG = {
  apis: {
    bank: {
      baseUrl: "https://bank.example.com/v1",
      tools: {
        get_account: {
          path: "/accounts/{account}",
          description: "One account.",
          params: { account: { in: "path", schema: { type: "string", maxLength: 64 } } },
        },
        pay: {
          method: "POST",
          path: "/payments",
          description: "Pays from an account.",
          effect: "external",
          body: {
            schema: {
              type: "object",
              required: ["account", "amount"],
              properties: { account: { type: "string", maxLength: 64 }, amount: { type: "integer", minimum: 1 } },
            },
          },
        },
      },
    },
  },
  fetchUrl: { allow: [{ host: "status.example.com" }, { host: "docs.example.com" }] },
};

it("is described, in the examples of policies, exactly as it is", async () => {
  const config = configSchema.parse({ ...CONFIG, allowWrite: true });
  const apis = (await describeApis(config)).map(unopened);
  const server = createHttpApiServer({ config, apis, pages: noPages, audit: noAudit, version: "0.0.0" });
  const published = readFileSync(
    new URL("../../../packages/policy/examples/http-api.manifest.json", import.meta.url),
    "utf8",
  );
  // Out of date? With these keys in config.json:
  // node dist/cli.js --print-manifest --allow-write --config config.json > ../../packages/policy/examples/http-api.manifest.json
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(manifestOf(server, "http-api"))));
});
