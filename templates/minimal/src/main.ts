import { projectCommand } from "@hardened-mcp/server/command-line";
import { config } from "./config.ts";
import { createMyServer } from "./server.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

export const main = projectCommand({
  name: "my-server",
  about: "Serves the notes in one file: reads them, and adds one where that is allowed.",
  module: import.meta.url,
  config,
  create: (parts) => ({ server: createMyServer(parts) }),
});
