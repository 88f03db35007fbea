import type { ArgsRules } from "@hardened-mcp/audit";
import type { ConcurrencyGate } from "@hardened-mcp/limits";
import type { PolicyTarget } from "@hardened-mcp/policy";
import type { z } from "zod";
import type { Charge } from "./call/rates.ts";
import type { Call, ErrorCatalogue } from "./define/call.ts";
import type { Effect } from "./effect.ts";

/** The MCP requests that are calls: each of them goes through the call path, and nothing else reaches a handler. */
export type Method =
  | "tools/list"
  | "tools/call"
  | "resources/list"
  | "resources/templates/list"
  | "resources/read"
  | "prompts/list"
  | "prompts/get";

/**
 * How an output is sent:
 * - `text`: a string, as one text block
 * - `blocks`: content blocks, as they are
 * - `object`: structured content, and a text form made from the same checked value
 * - `contents`: what a resource read answers
 * - `messages`: what a prompt answers
 * - `page`: a list of what others wrote
 * - `listing`: a list built from checked definitions, redacted and measured when they were first listed
 */
export type OutputForm = "text" | "blocks" | "object" | "contents" | "messages" | "page" | "listing";

/** One thing that can be called, compiled at start: all that the call path needs, with every default filled in. */
export interface Operation {
  readonly method: Method;
  readonly target: PolicyTarget;
  /** SHA-256 of the definition as offered: a changed description is a changed tool. */
  readonly definition: string;
  readonly input: z.ZodType;
  /** Argument names, for the nearest right answer to a misspelt one. */
  readonly keys: readonly string[];
  readonly output: z.ZodType | undefined;
  readonly form: OutputForm;
  readonly present: ((output: unknown) => string) | undefined;
  readonly untrusted: boolean;
  readonly errors: ErrorCatalogue;
  readonly deadlineMs: number;
  readonly maxResultBytes: number;
  readonly gate: ConcurrencyGate;
  readonly charges: readonly Charge[];
  /** What records show of the arguments. Frozen, so that the audit log looks through it once. */
  readonly argsRules: ArgsRules;
  /** The part of the parsed arguments that is recorded. Default: all of them. */
  readonly recorded?: (args: unknown) => unknown;
  /** Where the arguments decide it: asks what a call would do. */
  readonly effectOf?: (args: unknown, call: Call) => unknown;
  /** The same operation as each effect that a call may turn out to have, its own included. Absent: there is only the one. */
  readonly byEffect?: ReadonlyMap<Effect, Operation>;
  readonly run: (args: unknown, call: Call) => unknown;
}
