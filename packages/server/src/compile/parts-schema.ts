import { z } from "zod";
import { schemaOfPart } from "../define/json-schema-part.ts";

/**
 * JSON Schema of a strict object whose keys all bring their own, as zod would write it; `undefined` for every other schema. A thousand tools of
 * an OpenAPI document are such objects: zod walks and copies each schema whole, which was a third of making them (measured).
 */
export function schemaOfParts(schema: z.ZodType): Readonly<Record<string, unknown>> | undefined {
  if (!(schema instanceof z.ZodObject) || !isPlain(schema)) return undefined;
  const { shape, catchall } = schema._zod.def;
  if (catchall?._zod.def.type !== "never") return undefined;
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const [name, member] of Object.entries(shape)) {
    const isOptional = member instanceof z.ZodOptional && isPlain(member);
    const part: z.core.$ZodType = isOptional ? member._zod.def.innerType : member;
    const own = isPlain(part) ? schemaOfPart(part) : undefined;
    // An assignment would set the prototype.
    if (own === undefined || name === "__proto__") return undefined;
    properties[name] = own;
    if (!isOptional) required.push(name);
  }
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** Nothing was added to it: no check, no description or other metadata. */
function isPlain(schema: z.core.$ZodType): boolean {
  const { def, parent } = schema._zod;
  return parent === undefined && (def.checks ?? []).length === 0 && z.globalRegistry.get(schema) === undefined;
}
