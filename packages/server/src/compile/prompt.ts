import { promptMessages } from "../define/content.ts";
import type { PromptDefinition } from "../define/prompt.ts";
import type { Operation } from "../operation.ts";
import { argsRules, hashedMarks } from "./args-rules.ts";
import { definitionHash } from "./definition-hash.ts";
import { hashedUnlisted } from "./hashed-parts.ts";
import { inputSchema } from "./json-schema.ts";
import type { OperationLimits } from "./limits.ts";
import { type Offered, offeredPrompt } from "./offered.ts";

/** A prompt as `prompts/list` shows it (spec: server/prompts). */
export interface ListedPrompt {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description?: string; readonly required: boolean }[];
}

export function compilePrompt(
  prompt: PromptDefinition,
  limits: OperationLimits,
): { listed: ListedPrompt; operation: Operation; offered: Offered } {
  const schema = inputSchema(prompt.input);
  const required = new Set((schema["required"] as readonly string[] | undefined) ?? []);
  const listed: ListedPrompt = {
    name: prompt.name,
    ...(prompt.title === undefined ? {} : { title: prompt.title }),
    description: prompt.description,
    arguments: Object.entries(prompt.input.shape).map(([name, schema]) => {
      const { description } = schema as { description?: string };
      return { name, ...(description === undefined ? {} : { description }), required: required.has(name) };
    }),
  };
  const operation: Operation = {
    method: "prompts/get",
    target: { method: "prompts/get", name: prompt.name, effect: "read", scope: prompt.scope, needsApproval: false },
    // The listing has the names of the arguments, and not what each of them may be.
    definition: definitionHash([
      listed,
      schema,
      prompt.scope,
      ...hashedMarks(prompt.audit),
      ...hashedUnlisted({ errors: prompt.errors }),
    ]),
    input: prompt.input,
    keys: Object.keys(prompt.input.shape),
    output: promptMessages,
    form: "messages",
    present: undefined,
    untrusted: false,
    errors: prompt.errors,
    argsRules: argsRules(Object.keys(prompt.input.shape), prompt.audit),
    ...limits,
    run: prompt.run,
  };
  return { listed, operation, offered: offeredPrompt(prompt, listed, operation.definition) };
}
