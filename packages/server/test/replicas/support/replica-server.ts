/** One replica as a process of its own: a tool that reads and one that writes, API keys, and the state that it shares. */
import { openAuditLog } from "@hardened-mcp/audit";
import { z } from "zod";
import { openSecurity } from "../../../src/config/open-security.ts";
import { authConfig, stateConfig } from "../../../src/config/schema.ts";
import { defineTool } from "../../../src/define/tool.ts";
import { createLog } from "../../../src/log.ts";
import { serve } from "../../../src/serve.ts";
import { createServer } from "../../../src/server.ts";
import type { ReplicaTask } from "./start.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as ReplicaTask;
const audit = await openAuditLog({ dir: task.auditDir, server: "replica" });
const log = createLog("replica");
const security = await openSecurity(
  {
    auth: authConfig.parse({ resource: "https://localhost/mcp", apiKeys: task.apiKeys }),
    state: stateConfig.parse(task.state),
  },
  { server: "replica", audit, log },
);

const tool = (name: string, effect: "read" | "write") =>
  defineTool({
    name,
    description: "Says that it ran, and what time it is.",
    effect,
    scope: "notes:use",
    input: z.strictObject({}),
    output: z.strictObject({ at: z.number() }),
    run: () => ({ at: Date.now() }),
  });

const server = createServer({
  name: "replica",
  version: "1.0.0",
  tools: [tool("look", "read"), tool("change", "write")],
  enable: ["write"],
  audit,
  log,
  ...security.serverOptions,
  limits: task.limits,
});
await serve(server, {
  http: { port: 0, ...security.httpOptions },
  onStop: async () => {
    await security.close();
    await audit.close();
  },
});
