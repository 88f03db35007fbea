import type { Effect } from "../../src/effect.ts";
import type { ManifestOperation, ServerManifest } from "../../src/manifest/manifest.ts";

type Properties = Readonly<Record<string, unknown>>;

/** An input schema as zod writes it for a strict object. */
export function strictObject(properties: Properties, required: readonly string[] = []): Record<string, unknown> {
  return { type: "object", properties, required, additionalProperties: false };
}

function tool(
  name: string,
  effect: Effect,
  scope: string,
  properties: Properties,
  required: readonly string[] = Object.keys(properties),
): ManifestOperation {
  const needsApproval = effect === "destroy" || effect === "external";
  return { method: "tools/call", name, effect, scope, needsApproval, inputSchema: strictObject(properties, required) };
}

const text = { type: "string" };
const whole = { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

export const FILES: ServerManifest = {
  server: "filesystem",
  operations: [
    tool(
      "read_text_file",
      "read",
      "files:read",
      { path: text, head: whole, sort_by: { type: "string", enum: ["name", "size"] } },
      ["path"],
    ),
    tool("read_multiple_files", "read", "files:read", { paths: { type: "array", items: text } }),
    tool("list_allowed_directories", "read", "files:read", {}),
    tool("write_file", "write", "files:write", { path: text, content: text }),
    tool("delete_file", "destroy", "files:write", { path: text }),
    {
      method: "prompts/get",
      name: "summary",
      effect: "read",
      scope: "files:read",
      needsApproval: false,
      inputSchema: strictObject({ path: text }, ["path"]),
    },
    {
      method: "resources/read",
      name: "log",
      effect: "read",
      scope: "files:read",
      needsApproval: false,
      inputSchema: strictObject({ uri: text, variables: { type: "object", additionalProperties: text } }, ["uri"]),
    },
  ],
};

export const DATABASE: ServerManifest = {
  server: "database",
  operations: [
    tool(
      "query",
      "read",
      "db:read",
      { sql: text, tables: { type: "array", items: text }, limit: whole, factor: whole, ratio: { type: "number" } },
      ["sql", "tables"],
    ),
    tool("update", "write", "db:write", { table: text, filter: strictObject({ id: whole, tenant: text }, ["id"]) }),
    tool("send_report", "external", "db:send", { to: text, amount: whole, price: whole }),
  ],
};

export const MANIFESTS = [FILES, DATABASE];
