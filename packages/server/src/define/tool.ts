import type { z } from "zod";
import type { Effect } from "../effect.ts";
import { refuseUnknownKeys } from "../errors/known-keys.ts";
import type { AuditMarks } from "./audit-marks.ts";
import type { Call, CallLimits, ErrorCatalogue } from "./call.ts";

/** A tool as its author writes it. */
export interface ToolSpec<Input extends z.ZodObject, Output extends z.ZodType, Errors extends ErrorCatalogue> {
  /** 1 to 64 of `[a-z0-9_]`, starting with a letter. */
  readonly name: string;
  /** For people; default: the name. */
  readonly title?: string;
  /** What it does, for the model. Plain text; hidden characters are refused at start. */
  readonly description: string;
  /** The most that a call of it can do. */
  readonly effect: Effect;
  /** Milder effects that a call may turn out to have, for a tool whose arguments decide it; {@link effectOf} says which. */
  readonly milder?: readonly Effect[];
  /** The scope a caller must hold, such as `notes:read`. */
  readonly scope: string;
  /** Strict at every depth: an object that would accept or drop an unknown key is refused at start. */
  readonly input: Input;
  /** A string, {@link contentBlocks}, or an object. Keys it does not declare never leave. */
  readonly output: Output;
  readonly errors?: Errors;
  readonly limits?: CallLimits;
  /** What audit records show of single arguments: `{ path: "plain", body: "drop", account: "hash" }`. Default: nothing. */
  readonly audit?: AuditMarks<keyof z.output<Input> & string>;
  /** What it does beyond what its listing says, such as a statement: a change of it is a changed tool, and shows in the audit log. */
  readonly pinned?: string;
  /** The answer holds text that others wrote; marked as data when the server marks untrusted content. Default true. */
  readonly untrusted?: boolean;
  /** `openWorldHint`: it meets whatever there is outside, as a search of the web does. Default: what the effect says, so only `external` does. */
  readonly openWorld?: boolean;
  /** Text form of an object output. Default: its JSON. Gets the checked and redacted value, so both forms agree. */
  present?(output: z.output<Output>): string;
  /**
   * What this call would do: the declared effect or one of `milder`. Asked once the arguments are valid and before anything is
   * decided, so that policy, approval, rate and record are about what really happens. It changes nothing. A throw, and any
   * other answer, ends the call. `run` finds the answer in `call.effect`, and has to make sure that it still holds.
   */
  effectOf?(args: z.output<Input>, call: Call<keyof Errors & string>): Promise<Effect> | Effect;
  run(args: z.output<Input>, call: Call<keyof Errors & string>): Promise<z.input<Output>> | z.input<Output>;
}

const TOOL_KEYS: Readonly<Record<keyof ToolSpec<z.ZodObject, z.ZodType, ErrorCatalogue>, true>> = {
  name: true,
  title: true,
  description: true,
  effect: true,
  milder: true,
  scope: true,
  input: true,
  output: true,
  errors: true,
  limits: true,
  audit: true,
  pinned: true,
  untrusted: true,
  openWorld: true,
  present: true,
  effectOf: true,
  run: true,
};

/** A tool ready for `createServer`. Its handler can be reached through the call path only. */
export interface ToolDefinition {
  readonly kind: "tool";
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string;
  readonly effect: Effect;
  readonly milder: readonly Effect[];
  readonly scope: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  readonly errors: ErrorCatalogue;
  readonly limits: CallLimits;
  readonly audit: AuditMarks;
  readonly pinned: string | undefined;
  readonly untrusted: boolean;
  readonly openWorld: boolean | undefined;
  readonly present: ((output: unknown) => string) | undefined;
  readonly effectOf: ((args: unknown, call: Call) => unknown) | undefined;
  readonly run: (args: unknown, call: Call) => unknown;
}

/**
 * Declares a tool. Nothing is checked or run here; `createServer` refuses what is not fit.
 *
 * ```ts
 * const readNote = defineTool({
 *   name: "read_note",
 *   description: "Read one note by its id.",
 *   effect: "read",
 *   scope: "notes:read",
 *   input: z.strictObject({ id: z.string().max(64) }),
 *   output: z.strictObject({ text: z.string() }),
 *   run: async ({ id }) => ({ text: await notes.read(id) }),
 * });
 * ```
 */
export function defineTool<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  const Errors extends ErrorCatalogue = Record<never, never>,
>(spec: ToolSpec<Input, Output, Errors>): ToolDefinition {
  refuseUnknownKeys(`tool ${JSON.stringify(spec.name)}`, spec, TOOL_KEYS);
  return Object.freeze({
    kind: "tool" as const,
    name: spec.name,
    title: spec.title,
    description: spec.description,
    effect: spec.effect,
    milder: Object.freeze([...(spec.milder ?? [])]),
    scope: spec.scope,
    input: spec.input,
    output: spec.output,
    errors: spec.errors ?? {},
    limits: spec.limits ?? {},
    audit: spec.audit ?? {},
    pinned: spec.pinned,
    untrusted: spec.untrusted ?? true,
    openWorld: spec.openWorld,
    // The schemas are what makes these casts true: the path hands over parsed values only.
    present:
      spec.present === undefined ? undefined : (output: unknown) => spec.present?.(output as z.output<Output>) ?? "",
    effectOf:
      spec.effectOf === undefined
        ? undefined
        : (args: unknown, call: Call) => spec.effectOf?.(args as z.output<Input>, call),
    run: (args: unknown, call: Call) => spec.run(args as z.output<Input>, call),
  });
}
