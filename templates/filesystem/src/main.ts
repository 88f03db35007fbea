import { projectCommand } from "@hardened-mcp/server/command-line";
import { config } from "./config.ts";
import { openFolders } from "./folders/open-folders.ts";
import { refuseServed } from "./folders/refuse-served.ts";
import { createMyServer } from "./server.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

export const main = projectCommand({
  name: "my-server",
  about: "Files of one's own folders.",
  module: import.meta.url,
  config,
  refuseServed: (secrets, { auditDir, roots }) => refuseServed([...secrets, auditDir], roots),
  create: (parts) => ({ server: createMyServer(openFolders(parts.config), parts) }),
});
