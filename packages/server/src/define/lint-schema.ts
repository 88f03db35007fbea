import { findHidden } from "@hardened-mcp/redact";
import type { z } from "zod";
import { inputSchema, type ListedSchema, outputSchema } from "../compile/json-schema.ts";
import { contentBlocks } from "./content.ts";
import { schemaOfPart } from "./json-schema-part.ts";
import { lintText, MAX_TEXT, type Say } from "./lint-text.ts";
import { looseParts } from "./strict.ts";

/** An input is strict at every depth and can be told in JSON Schema; a prompt's arguments are strings. */
export function lintInput(input: z.ZodObject, kind: "tool" | "prompt", say: Say): void {
  const loose = looseParts(input);
  for (const part of loose) say(part);
  if (loose.length > 0) return;
  const listed = lintListed("input", () => inputSchema(input), say);
  if (kind === "tool" || listed === undefined) return;
  for (const [name, property] of Object.entries((listed["properties"] ?? {}) as Record<string, { type?: unknown }>)) {
    if (property.type !== "string")
      say(`argument ${name} is no string, and a prompt's arguments are (spec: server/prompts)`);
  }
}

/** An output is a string, content, or an object that lets nothing undeclared out. */
export function lintOutput(output: z.ZodType | undefined, say: Say): void {
  if (output?._zod === undefined) say("there is no output schema");
  else if (output !== contentBlocks && output.def.type !== "string") lintObject(output, say);
}

function lintObject(output: z.ZodType, say: Say): void {
  if (!isObjectLike(output)) {
    say("the output is neither an object, nor a string, nor contentBlocks");
    return;
  }
  const loose = looseParts(output, "output");
  for (const part of loose) say(part);
  if (loose.length === 0) lintListed("output", () => outputSchema(output), say);
}

/** Structured content is an object in every revision before 2026-07-28. */
function isObjectLike(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object" || def.type === "record") return true;
  if (def.type === "union") return def.options.every(isObjectLike);
  if (def.type === "readonly") return isObjectLike(def.innerType);
  if (def.type === "custom") return schemaOfPart(schema)?.["type"] === "object";
  return def.type === "lazy" && isObjectLike(def.getter());
}

/** Reads a schema as clients will see it: instructions to a model hide in descriptions, options and defaults alike. */
function lintListed(side: string, make: () => ListedSchema, say: Say): ListedSchema | undefined {
  try {
    const listed = make();
    if (!isPlainlyFit(listed)) lintStrings(side, listed, say);
    return listed;
  } catch (error) {
    say(`the ${side} cannot be told in JSON Schema: ${(error as Error).message}`);
    return undefined;
  }
}

/** Most schemas show at a glance that there is nothing in them. What is escaped in their JSON has to be looked at. */
function isPlainlyFit(listed: ListedSchema): boolean {
  const json = JSON.stringify(listed);
  return json.length <= MAX_TEXT && !json.includes("\\") && findHidden(json).length === 0;
}

function lintStrings(where: string, value: unknown, say: Say): void {
  if (typeof value === "string") lintText(`a text of the ${where}`, value, say);
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    lintText(`a key of the ${where}`, key, say);
    lintStrings(where, child, say);
  }
}
