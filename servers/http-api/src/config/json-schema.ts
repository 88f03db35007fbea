import { configJsonSchema as jsonSchemaOf } from "@hardened-mcp/server/command-line";
import { configSchema } from "./schema.ts";

/** The published JSON Schema of a configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return jsonSchemaOf(configSchema, ["allowWrite"]);
}
