import { EFFECTS, isMilder } from "../effect.ts";
import { ERROR_CODES } from "../errors/table.ts";
import { lintMarks } from "./audit-marks.ts";
import { lintInput, lintOutput } from "./lint-schema.ts";
import { lintText, type Say } from "./lint-text.ts";
import { isClearName, MAX_NAME } from "./names.ts";
import type { PromptDefinition } from "./prompt.ts";
import type { ResourceDefinition } from "./resource.ts";
import type { ToolDefinition } from "./tool.ts";
import { compileUriTemplate } from "./uri-template.ts";

/** Anything a server can offer. */
export type Definition = ToolDefinition | ResourceDefinition | PromptDefinition;

/** RFC 6749, section 3.3, less the characters that would need escaping in a challenge. No wildcard. */
const CLEAR_SCOPE = /^[A-Za-z0-9][A-Za-z0-9:._/-]{0,127}$/;

/** Everything unfit about a server's definitions, one line each, name first. `[]` when they may be served. */
export function lintDefinitions(definitions: readonly Definition[]): readonly string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  for (const definition of definitions) {
    const say: Say = (problem) => {
      problems.push(`${definition.kind} ${JSON.stringify(definition.name)}: ${problem}`);
    };
    const key = `${definition.kind} ${definition.name}`;
    if (names.has(key)) say("the name is taken by another one");
    names.add(key);
    lintOne(definition, say);
  }
  return problems;
}

function lintOne(definition: Definition, say: Say): void {
  if (!isClearName(definition.name)) {
    say(`the name is unclear: lower-case words joined by "_", "." or "-", at most ${MAX_NAME} characters`);
  }
  if (!CLEAR_SCOPE.test(definition.scope))
    say('the scope is not a plain name such as "notes:read"; wildcards do not exist');
  // It would turn up in challenges, where it asks for tokens that never end (spec: authorization, scope selection).
  if (definition.scope === "offline_access") say("offline_access is no scope of a tool");
  for (const [where, text] of textsOf(definition)) lintText(where, text, say);
  if (definition.description.trim() === "") say("the description is empty");
  for (const [reason, entry] of Object.entries(definition.errors)) {
    if (!ERROR_CODES.includes(entry.code))
      say(`error ${JSON.stringify(reason)} has no public code; one of ${ERROR_CODES.join(", ")}`);
  }
  if (definition.kind === "tool" && !EFFECTS.includes(definition.effect)) {
    say(`the effect is none of ${EFFECTS.join(", ")}`);
  }
  if (definition.kind === "tool") lintMilder(definition, say);
  if (definition.kind !== "resource") {
    if (definition.input?._zod?.def.type !== "object")
      say("there is no strict input schema: use z.strictObject({ ... })");
    else {
      lintInput(definition.input, definition.kind, say);
      lintMarks(definition.audit, Object.keys(definition.input.shape), say);
    }
  }
  if (definition.kind === "tool") lintOutput(definition.output, say);
  if (definition.kind === "resource") lintUri(definition, say);
}

function lintMilder({ effect, milder, effectOf }: ToolDefinition, say: Say): void {
  if (milder.length > 0 !== (effectOf !== undefined)) say("milder and effectOf need each other");
  if (new Set(milder).size < milder.length) say("milder names an effect twice");
  for (const one of milder) if (!isMilder(one, effect)) say(`milder: "${one}" is not milder than "${effect}"`);
}

/** Every text of a definition that a model or a person reads, besides those of its schemas. */
function* textsOf(definition: Definition): Generator<readonly [where: string, text: string]> {
  yield ["the name", definition.name];
  yield ["the description", definition.description];
  if (definition.kind !== "resource" && definition.title !== undefined) yield ["the title", definition.title];
  if (definition.kind === "resource") {
    yield ["the uri", definition.uri];
    if (definition.mimeType !== undefined) yield ["the mime type", definition.mimeType];
  }
  for (const [reason, entry] of Object.entries(definition.errors)) yield [`error ${reason}`, entry.message];
}

function lintUri({ uri, audit }: ResourceDefinition, say: Say): void {
  try {
    lintMarks(audit, compileUriTemplate(uri).names, say);
  } catch (error) {
    say(`the uri is not a supported template: ${(error as Error).message}`);
  }
}
