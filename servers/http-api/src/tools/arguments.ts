import { jsonSchemaPart } from "@hardened-mcp/server";
import { z } from "zod";
import type { NamedOperation } from "../context.ts";
import type { Json, JsonSchema, SchemaSet } from "../model/json-schema.ts";

/** The arguments of an operation: each is listed as its schema in the document, and held to it by a check compiled when it is first called. */
export function inputOf({ operation, schemas }: NamedOperation): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const parameter of operation.parameters) shape[parameter.argument] = argument(schemas, parameter);
  const { body } = operation;
  if (body !== undefined) shape[body.argument] = argument(schemas, body);
  return z.strictObject(shape);
}

interface Argument {
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly description: string | undefined;
}

/**
 * Arguments that have been made, by what they are made of. The operations of an API take the same ones over and over, `id` and `page` and the
 * body of what is created and replaced: making each once halves the start of a thousand operations (measured), and compiles each once.
 */
const made = new WeakMap<SchemaSet, Map<string, z.ZodType>>();

function argument(schemas: SchemaSet, { schema, required, description }: Argument): z.ZodType {
  const known = made.get(schemas) ?? new Map<string, z.ZodType>();
  made.set(schemas, known);
  const key = JSON.stringify([required, description, schema]);
  const same = known.get(key);
  if (same !== undefined) return same;
  const one = makeArgument(schemas, { schema, required, description });
  known.set(key, one);
  return one;
}

function makeArgument(schemas: SchemaSet, { schema, required, description }: Argument): z.ZodType {
  const listed = schemas.listed(schema);
  const check = schemas.inputCheck(schema);
  const part = jsonSchemaPart({
    schema: description === undefined ? listed : { ...listed, description },
    // What arrives as an argument has been JSON.
    check: (value) => check(value as Json),
  });
  return required ? part : part.optional();
}
