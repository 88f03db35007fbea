import { readFileSync } from "node:fs";
import { manifestOf } from "@hardened-mcp/server";
import { expect, it } from "vitest";
import { configSchema } from "../src/config/schema.ts";
import { createFilesystemServer } from "../src/create.ts";

it("is described, in the examples of policies, exactly as it is", () => {
  const audit = { write: () => 0, durable: async () => undefined, digest: () => ({ digest: "", bytes: 0 }) };
  const server = createFilesystemServer({ config: configSchema.parse({}), roots: [], audit, version: "0.0.0" });
  const published = readFileSync(
    new URL("../../../packages/policy/examples/filesystem.manifest.json", import.meta.url),
    "utf8",
  );
  // Out of date? node dist/cli.js --print-manifest > ../../packages/policy/examples/filesystem.manifest.json
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(manifestOf(server, "filesystem"))));
});
