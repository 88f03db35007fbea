import { z } from "zod";
import { defineTool, type ToolDefinition } from "../../../src/define/tool.ts";

export const SCOPES = { read: "notes:read", write: "notes:write", admin: "notes:admin" } as const;

const nothing = z.strictObject({});

/** Who the handler is told is calling, as an answer. */
export const whoami = defineTool({
  name: "whoami",
  description: "Says who is calling.",
  effect: "read",
  scope: SCOPES.read,
  input: nothing,
  output: z.strictObject({
    issuer: z.string(),
    subject: z.string(),
    client: z.string().optional(),
    tenant: z.string().optional(),
    scopes: z.array(z.string()),
    roles: z.array(z.string()),
    assurance: z.string(),
  }),
  run: (_, { principal }) => ({ ...principal, scopes: [...principal.scopes].sort(), roles: [...principal.roles] }),
});

function writing(name: string, scope: string): ToolDefinition {
  return defineTool({
    name,
    description: "Changes a note.",
    effect: "write",
    scope,
    input: nothing,
    output: z.strictObject({ by: z.string() }),
    run: (_, { principal }) => ({ by: principal.subject }),
  });
}

/** One tool that everybody may use, one that a client may step up to, and one whose scope is published nowhere. */
export function notes(): readonly ToolDefinition[] {
  return [whoami, writing("write_note", SCOPES.write), writing("erase_tenant", SCOPES.admin)];
}
