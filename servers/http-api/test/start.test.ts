import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { thousandOperations } from "./support/thousand.ts";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

/** In a process of its own: what has been loaded there once is loaded for good. */
const PROGRAM = `
  import { createRequire, registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const { configSchema, describeApis, openApis, createHttpApiServer } = await import(process.argv[1] + "index.js");
  const { noAudit } = await import(createRequire(process.argv[1]).resolve("@hardened-mcp/server/command-line"));
  const config = configSchema.parse(JSON.parse(process.argv[2]));
  const { apis, close } = await openApis(await describeApis(config), { log: console, egressProxy: undefined });
  const server = createHttpApiServer({ config, apis, audit: noAudit, version: "1" });
  await close();
  console.log(JSON.stringify({ tools: server.tools.size, loaded }));
`;

it("loads no compiler of schemas, no reader of HTML or YAML, no agent and nothing else that only calls need", () => {
  using folder = testFolder();
  const spec = folder.write("openapi.json", thousandOperations({ operations: 5 }));
  const config = JSON.stringify({ apis: { api: { spec, baseUrl: "https://api.example.com" } } });
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", PROGRAM, DIST, config], {
    encoding: "utf8",
  });
  const { tools, loaded } = JSON.parse(output) as { tools: number; loaded: readonly string[] };
  expect(tools).toBe(2);
  const has = (part: RegExp) => loaded.filter((url) => part.test(url)).length;
  // What is there shows that the list is one of what was loaded, modules and CommonJS alike.
  expect([has(/\/node_modules\/zod\//), has(/\/node_modules\/pino\//)].every((count) => count > 0)).toBe(true);
  expect(has(/\/node_modules\/(?:ajv|ajv-formats|htmlparser2|js-yaml|undici)\//)).toBe(0);
  expect(has(/\/http-api\/dist\/(?:response|html)\//)).toBe(0);
});
