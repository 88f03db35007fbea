import { projectCommand } from "@hardened-mcp/server/command-line";
import { openApi, readToken } from "./api.ts";
import { config } from "./config.ts";
import { createMyServer } from "./server.ts";

export { exitCodeOf } from "@hardened-mcp/server/command-line";

export const main = projectCommand({
  name: "my-server",
  about: "Orders of one HTTP API.",
  module: import.meta.url,
  config,
  create: (parts) => {
    const token = parts.describing ? undefined : readToken(parts.config.api);
    const api = openApi(parts.config.api, { token });
    return { server: createMyServer(parts, api, token), close: () => api.close() };
  },
});
