import type { PromptDefinition } from "../define/prompt.ts";
import type { ToolDefinition } from "../define/tool.ts";
import type { Effect } from "../effect.ts";
import type { Operation } from "../operation.ts";
import { hashedMarks } from "./args-rules.ts";
import { definitionHash } from "./definition-hash.ts";
import { errorsHash } from "./hashed-parts.ts";
import { inputSchema } from "./json-schema.ts";
import type { ListedPrompt } from "./prompt.ts";
import type { CompiledResource } from "./resource.ts";
import type { ListedTool } from "./tool.ts";

/** What can be offered, as a person calls it. */
export type OfferedKind = "tool" | "prompt" | "resource";

/** Part of a definition to what it is: a word, or a hash. What is not declared is not there. */
export type Parts = Readonly<Record<string, string>>;

/** One definition as it is offered, taken apart for whoever has to say which part of it is another. */
export interface Offered {
  readonly kind: OfferedKind;
  readonly name: string;
  readonly effect: Effect;
  /** Hash of the whole; the same one is in every record of a call. */
  readonly definition: string;
  /** What a reviewer can read: effect, scope, and whether answers are marked as data. */
  readonly words: Parts;
  /** Hashes of the rest. Made when they are asked for: most starts have nothing to tell. */
  hashes(): Parts;
}

export function offeredTool(
  tool: ToolDefinition,
  listed: ListedTool,
  { definition, form }: Pick<Operation, "definition" | "form">,
): Offered {
  const { effect, milder, scope, untrusted } = tool;
  return {
    kind: "tool",
    name: tool.name,
    effect,
    definition,
    words: {
      effect,
      ...(milder.length === 0 ? {} : { milder: milder.join(",") }),
      scope,
      untrusted: String(untrusted),
    },
    hashes: () => ({
      ...hashOf("title", listed.title),
      ...hashOf("description", listed.description),
      ...hashOf("input", listed.inputSchema),
      ...hashOf("output", form === "blocks" ? form : listed.outputSchema),
      ...hashOf("annotations", listed.annotations),
      ...hashOf("audit", hashedMarks(tool.audit)[0]),
      ...partOf("errors", errorsHash(tool.errors)),
      ...hashOf("pinned", tool.pinned),
    }),
  };
}

export function offeredPrompt(
  prompt: Pick<PromptDefinition, "scope" | "audit" | "errors" | "input">,
  listed: ListedPrompt,
  definition: string,
): Offered {
  return {
    kind: "prompt",
    name: listed.name,
    effect: "read",
    definition,
    words: { scope: prompt.scope },
    hashes: () => ({
      ...hashOf("title", listed.title),
      ...hashOf("description", listed.description),
      ...hashOf("arguments", inputSchema(prompt.input)),
      ...hashOf("audit", hashedMarks(prompt.audit)[0]),
      ...partOf("errors", errorsHash(prompt.errors)),
    }),
  };
}

export function offeredResource({ definition: resource, operation }: CompiledResource): Offered {
  return {
    kind: "resource",
    name: resource.name,
    effect: "read",
    definition: operation.definition,
    words: { scope: resource.scope, untrusted: String(resource.untrusted) },
    hashes: () => ({
      ...hashOf("uri", resource.uri),
      ...hashOf("description", resource.description),
      ...hashOf("mimeType", resource.mimeType),
      ...hashOf("audit", hashedMarks(resource.audit)[0]),
      ...partOf("errors", errorsHash(resource.errors)),
    }),
  };
}

function hashOf(part: string, value: unknown): Parts {
  return partOf(part, value === undefined ? undefined : definitionHash(value));
}

function partOf(part: string, value: string | undefined): Parts {
  return value === undefined ? {} : { [part]: value };
}
