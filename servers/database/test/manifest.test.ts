import { readFileSync } from "node:fs";
import { manifestOf } from "@hardened-mcp/server";
import { noAudit } from "@hardened-mcp/server/command-line";
import { expect, it } from "vitest";
import { configSchema } from "../src/config/schema.ts";
import { createDatabaseServer } from "../src/create.ts";
import { checkQueries } from "../src/sources/check-queries.ts";
import { openSources } from "../src/sources/open-sources.ts";
import { testFolder } from "./support/folder.ts";

/** A shop whose orders can be looked at, and to which notes can be added by one tenant at a time. */
const SCHEMA = "create table orders (id integer primary key); create table notes (tenant text, note text)";
const QUERIES = {
  add_note: {
    sql: "insert into notes (tenant, note) values (?1, ?2)",
    description: "Adds a note to a tenant's orders.",
    changes: true,
    params: { tenant: { type: "string", maxLength: 64 }, note: { type: "string", maxLength: 500 } },
  },
};

it("is described, in the examples of policies, exactly as it is", async () => {
  using folder = testFolder(SCHEMA);
  const config = configSchema.parse({
    sources: { shop: { type: "sqlite", file: folder.shop } },
    queries: QUERIES,
    allowWrite: true,
  });
  const { sources, close } = await openSources(config);
  try {
    const saved = await checkQueries(config, sources);
    const server = createDatabaseServer({ config, sources, saved, audit: noAudit, version: "0.0.0" });
    const published = readFileSync(
      new URL("../../../packages/policy/examples/database.manifest.json", import.meta.url),
      "utf8",
    );
    // Out of date? With these queries and a file of this schema in config.json:
    // node dist/cli.js --print-manifest --allow-write --config config.json > ../../packages/policy/examples/database.manifest.json
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(manifestOf(server, "database"))));
  } finally {
    await close();
  }
});
