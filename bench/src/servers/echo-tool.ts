import type { AuditSink } from "@hardened-mcp/server";
import { createServer, defineTool, type GuardedServer, type ServerOptions } from "@hardened-mcp/server";
import { z } from "zod";

/** The same tool for every server under test. */
export const input = z.strictObject({ text: z.string().max(1000) });
export const output = z.strictObject({ text: z.string() });

/** No audit at all: what is left is the path's own cost. Exists in the bench only; a real server cannot do without. */
export const noAudit: AuditSink = {
  write: () => 0,
  durable: () => Promise.resolve(),
  digest: () => ({ digest: "", bytes: 0 }),
};

export function guardedEcho(
  audit: AuditSink,
  security: Pick<ServerOptions, "policy" | "rateLimiter" | "stepUp" | "local"> = {},
): GuardedServer {
  return createServer({
    name: "bench",
    version: "1.0.0",
    audit,
    ...security,
    tools: [
      defineTool({
        name: "echo",
        description: "Answer with the same text.",
        effect: "read",
        scope: "echo:read",
        input,
        output,
        limits: { callsPerMinute: 1_000_000_000 },
        run: ({ text }) => ({ text }),
      }),
    ],
  });
}
