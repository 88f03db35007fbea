import type { z } from "zod";
import { refuseUnknownKeys } from "../errors/known-keys.ts";
import type { AuditMarks } from "./audit-marks.ts";
import type { Call, CallLimits, ErrorCatalogue } from "./call.ts";
import type { PromptMessage } from "./content.ts";

/** A prompt as its author writes it. Making one is a `read`. */
export interface PromptSpec<Input extends z.ZodObject, Errors extends ErrorCatalogue> {
  /** 1 to 64 of `[a-z0-9_]`, starting with a letter. */
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly scope: string;
  /** Strict; every argument is a string (spec: server/prompts). */
  readonly input: Input;
  readonly errors?: Errors;
  readonly limits?: CallLimits;
  /** What audit records show of single arguments. Default: nothing. */
  readonly audit?: AuditMarks<keyof z.output<Input> & string>;
  run(
    args: z.output<Input>,
    call: Call<keyof Errors & string>,
  ): Promise<readonly PromptMessage[]> | readonly PromptMessage[];
}

const PROMPT_KEYS: Readonly<Record<keyof PromptSpec<z.ZodObject, ErrorCatalogue>, true>> = {
  name: true,
  title: true,
  description: true,
  scope: true,
  input: true,
  errors: true,
  limits: true,
  audit: true,
  run: true,
};

/** A prompt ready for `createServer`. */
export interface PromptDefinition {
  readonly kind: "prompt";
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string;
  readonly scope: string;
  readonly input: z.ZodObject;
  readonly errors: ErrorCatalogue;
  readonly limits: CallLimits;
  readonly audit: AuditMarks;
  readonly run: (args: unknown, call: Call) => unknown;
}

/** Declares a prompt. */
export function definePrompt<Input extends z.ZodObject, const Errors extends ErrorCatalogue = Record<never, never>>(
  spec: PromptSpec<Input, Errors>,
): PromptDefinition {
  refuseUnknownKeys(`prompt ${JSON.stringify(spec.name)}`, spec, PROMPT_KEYS);
  return Object.freeze({
    kind: "prompt" as const,
    name: spec.name,
    title: spec.title,
    description: spec.description,
    scope: spec.scope,
    input: spec.input,
    errors: spec.errors ?? {},
    limits: spec.limits ?? {},
    audit: spec.audit ?? {},
    // The input schema is what makes the cast true: the path hands over parsed values only.
    run: (args: unknown, call: Call) => spec.run(args as z.output<Input>, call),
  });
}
