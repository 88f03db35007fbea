import type { z } from "zod";
import { contentBlocks } from "../define/content.ts";
import type { ToolDefinition } from "../define/tool.ts";
import { EFFECT_RULES, EFFECTS, type Effect, type EffectAnnotations } from "../effect.ts";
import type { Operation, OutputForm } from "../operation.ts";
import { argsRules, hashedMarks } from "./args-rules.ts";
import { definitionHash } from "./definition-hash.ts";
import { hashedUnlisted } from "./hashed-parts.ts";
import { inputSchema, outputSchema } from "./json-schema.ts";
import type { OperationLimits } from "./limits.ts";
import { type Offered, offeredTool } from "./offered.ts";

/** A tool as `tools/list` shows it (spec: server/tools). */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly outputSchema?: Record<string, unknown>;
  readonly annotations: object;
}

function annotationsOf({ effect, openWorld }: ToolDefinition): EffectAnnotations {
  const { annotations } = EFFECT_RULES[effect];
  return openWorld === undefined ? annotations : { ...annotations, openWorldHint: openWorld };
}

/** Compiles a tool: what clients see of it, and what the call path runs. */
export function compileTool(
  tool: ToolDefinition,
  limits: (effect: Effect) => OperationLimits,
): { listed: ListedTool; operation: Operation; offered: Offered } {
  const form = formOf(tool.output);
  const listed: ListedTool = {
    name: tool.name,
    ...(tool.title === undefined ? {} : { title: tool.title }),
    description: tool.description,
    inputSchema: inputSchema(tool.input),
    ...(form === "object" ? { outputSchema: outputSchema(tool.output) } : {}),
    annotations: annotationsOf(tool),
  };
  const operation: Operation = {
    method: "tools/call",
    target: {
      method: "tools/call",
      name: tool.name,
      effect: tool.effect,
      scope: tool.scope,
      needsApproval: EFFECT_RULES[tool.effect].approvalByDefault,
    },
    definition: definitionHash([
      listed,
      tool.effect,
      ...hashedMilder(tool),
      tool.scope,
      ...hashedMarks(tool.audit),
      ...(tool.pinned === undefined ? [] : [{ pinned: tool.pinned }]),
      ...hashedUnlisted({ ...tool, form }),
    ]),
    input: tool.input,
    keys: Object.keys(tool.input.shape),
    output: tool.output,
    form,
    present: tool.present,
    untrusted: tool.untrusted,
    errors: tool.errors,
    argsRules: argsRules(Object.keys(tool.input.shape), tool.audit),
    ...limits(tool.effect),
    run: tool.run,
  };
  return {
    listed,
    operation: tool.effectOf === undefined ? operation : withEffects(operation, tool, limits),
    offered: offeredTool(tool, listed, operation),
  };
}

/** None: nothing, as ever. */
function hashedMilder({ milder }: ToolDefinition): readonly (readonly Effect[])[] {
  return milder.length === 0 ? [] : [milder];
}

/**
 * One operation for each effect, which differ in what is asked of a policy, what it costs and how it is recorded. They share
 * one place in the queue. What a call is comes to light only once it has been let in, so it is let in at the mildest price.
 */
function withEffects(
  declared: Operation,
  { milder, effectOf }: ToolDefinition,
  limits: (effect: Effect) => OperationLimits,
): Operation {
  const byEffect = new Map<Effect, Operation>();
  for (const effect of EFFECTS.filter((one) => one === declared.target.effect || milder.includes(one))) {
    const needsApproval = EFFECT_RULES[effect].approvalByDefault;
    const { charges } = limits(effect);
    byEffect.set(effect, { ...declared, target: { ...declared.target, effect, needsApproval }, charges });
  }
  const [mildest = declared] = byEffect.values();
  return { ...declared, charges: mildest.charges, byEffect, ...(effectOf === undefined ? {} : { effectOf }) };
}

function formOf(output: z.ZodType): OutputForm {
  if (output === contentBlocks) return "blocks";
  return output.def.type === "string" ? "text" : "object";
}
