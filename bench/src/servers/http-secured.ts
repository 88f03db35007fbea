// Ours, with what a configuration says of callers, shared state and TLS; the configuration is the one argument, as JSON.
import { createLog, serve } from "@hardened-mcp/server";
import { authConfig, stateConfig, tlsConfig } from "@hardened-mcp/server/config";
import { openSecurity } from "@hardened-mcp/server/security";
import { z } from "zod";
import { guardedEcho, noAudit } from "./echo-tool.ts";

const config = z
  .strictObject({
    auth: authConfig.exactOptional(),
    state: stateConfig.exactOptional(),
    tls: tlsConfig.exactOptional(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));
const { tls, ...secured } = config;
const security = await openSecurity(secured, { server: "bench", audit: noAudit, log: createLog("bench", "error") });
const running = await serve(guardedEcho(noAudit, security.serverOptions), {
  http: {
    port: 0,
    ...security.httpOptions,
    ...(tls === undefined ? {} : { tls }),
    // All calls come from one address here.
    limits: { requestsPerMinutePerAddress: 1_000_000_000 },
  },
});
console.log(new URL(running.address).port);
