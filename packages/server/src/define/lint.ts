import { findHidden } from "@hardened-mcp/redact";
import type { z } from "zod";
import { EFFECTS } from "../effect.ts";
import { ERROR_CODES } from "../errors/table.ts";
import type { PromptDefinition } from "./prompt.ts";
import type { ResourceDefinition } from "./resource.ts";
import { looseParts } from "./strict.ts";
import type { ToolDefinition } from "./tool.ts";

/** Anything a server can offer. */
export type Definition = ToolDefinition | ResourceDefinition | PromptDefinition;

/** Lower-case words joined by one of `_ . -`: no two names look alike, and none needs escaping anywhere. */
const CLEAR_NAME = /^[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*$/;
const MAX_NAME = 64;
const MAX_TEXT = 4096;
/** RFC 6749, section 3.3, less the characters that would need escaping in a challenge. No wildcard. */
const CLEAR_SCOPE = /^[A-Za-z0-9][A-Za-z0-9:._/-]{0,127}$/;

/** Everything unfit about a server's definitions, one line each, name first. `[]` when they may be served. */
export function lintDefinitions(definitions: readonly Definition[]): readonly string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  for (const definition of definitions) {
    const say = (problem: string): void => {
      problems.push(`${definition.kind} ${JSON.stringify(definition.name)}: ${problem}`);
    };
    const key = `${definition.kind} ${definition.name}`;
    if (names.has(key)) say("the name is taken by another one");
    names.add(key);
    lintOne(definition, say);
  }
  return problems;
}

function lintOne(definition: Definition, say: (problem: string) => void): void {
  if (!CLEAR_NAME.test(definition.name) || definition.name.length > MAX_NAME) {
    say(`the name is unclear: lower-case words joined by "_", "." or "-", at most ${MAX_NAME} characters`);
  }
  if (!CLEAR_SCOPE.test(definition.scope))
    say('the scope is not a plain name such as "notes:read"; wildcards do not exist');
  for (const [where, text] of textsOf(definition)) lintText(where, text, say);
  if (definition.description.trim() === "") say("the description is empty");
  for (const [reason, entry] of Object.entries(definition.errors)) {
    if (!ERROR_CODES.includes(entry.code))
      say(`error ${JSON.stringify(reason)} has no public code; one of ${ERROR_CODES.join(", ")}`);
  }
  if (definition.kind === "tool" && !EFFECTS.includes(definition.effect)) {
    say(`the effect is none of ${EFFECTS.join(", ")}`);
  }
  if (definition.kind !== "resource") {
    if (definition.input?._zod?.def.type !== "object")
      say("there is no strict input schema: use z.strictObject({ ... })");
    else for (const part of looseParts(definition.input)) say(part);
  }
  if (definition.kind === "tool" && definition.output?._zod === undefined) say("there is no output schema");
}

/** Every text of a definition that a model or a person reads, schema descriptions included (tool poisoning hides there). */
function* textsOf(definition: Definition): Generator<readonly [where: string, text: string]> {
  yield ["the name", definition.name];
  yield ["the description", definition.description];
  if (definition.kind !== "resource" && definition.title !== undefined) yield ["the title", definition.title];
  if (definition.kind === "resource") yield ["the uri", definition.uri];
  for (const [reason, entry] of Object.entries(definition.errors)) yield [`error ${reason}`, entry.message];
  if (definition.kind !== "resource" && definition.input?._zod?.def.type === "object") {
    for (const [key, child] of Object.entries(definition.input.shape as Record<string, z.ZodType>)) {
      yield ["an argument's name", key];
      if (child.description !== undefined) yield [`the description of ${key}`, child.description];
    }
  }
}

function lintText(where: string, text: string, say: (problem: string) => void): void {
  if (text.length > MAX_TEXT) say(`${where} is longer than ${MAX_TEXT} characters`);
  const hidden = findHidden(text)[0];
  if (hidden !== undefined) {
    say(
      `${where} holds a hidden character (U+${hidden.codePoint.toString(16).toUpperCase().padStart(4, "0")} at ${hidden.index})`,
    );
  }
}
