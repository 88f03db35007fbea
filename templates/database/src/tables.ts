import type { SqlSource } from "@hardened-mcp/safe-sql";
import { defineResource, type ResourceDefinition } from "@hardened-mcp/server";
import { answering } from "./database.ts";

const mimeType = "application/json";

/** A description of every table that the caller may read, as that caller sees it. */
export function tableDescriptions(database: SqlSource): ResourceDefinition {
  return defineResource({
    name: "table",
    description: "A table: its columns, and which of them are masked.",
    scope: "orders:read",
    uri: "shop://tables/{table}",
    mimeType,
    audit: { table: "plain" },
    // The schema is ours; what others wrote is in the rows.
    untrusted: false,
    list: async (_cursor, { principal, signal }) => {
      const tables = await answering(() => database.listTables(principal, signal));
      return { resources: tables.map(({ name }) => ({ uri: `shop://tables/${name}`, name, mimeType })) };
    },
    read: async ({ uri, variables }, { principal, signal }) => {
      const table = variables["table"] ?? "";
      const { name, columns } = await answering(() => database.describeTable(table, principal, signal));
      const shown = columns.map(({ name, type, nullable, masked }) => ({ name, type, nullable, masked }));
      return [{ uri, mimeType, text: JSON.stringify({ name, columns: shown }) }];
    },
  });
}
