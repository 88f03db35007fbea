import { projectCommand } from "@hardened-mcp/server/command-line";
import { config } from "./config.ts";
import { openDatabase, refuseOwnFiles } from "./database.ts";
import { createMyServer } from "./server.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

export const main = projectCommand({
  name: "my-server",
  about: "Orders of a shop, asked in SQL that can only read what it may.",
  module: import.meta.url,
  config,
  variables: { HARDENED_MCP_DATABASE_FILE: ["database.file", "text"] },
  refuseServed: (own, config) => refuseOwnFiles(config, own),
  create: async (parts) => {
    const database = await openDatabase(parts.config);
    return { server: createMyServer(parts, database), close: () => database.close() };
  },
});
