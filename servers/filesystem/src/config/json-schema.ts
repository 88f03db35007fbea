import { z } from "zod";
import { configSchema } from "./schema.ts";

/** The published JSON Schema of a configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = z.toJSONSchema(configSchema, { io: "input" });
  const { dangerouslyAllowBroadRoot: _, ...keys } = properties ?? {};
  return { ...rest, properties: { $schema: { type: "string" }, ...keys } };
}
