import { createHash } from "node:crypto";
import {
  type AuthorizationAnswer,
  checkParsePolicySet,
  type DetailedError,
  type EntityJson,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  policyToText,
  preparsePolicySet,
  type SchemaJson,
  schemaToText,
  statefulIsAuthorized,
  type TypeAndId,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";

/*
 * The one file that speaks to the Cedar engine. Importing it loads 4 MB of WebAssembly, which is why nothing reachable from
 * the package's main entry imports it.
 */

export type { EntityJson, PolicyJson, SchemaJson, TypeAndId };

/** A value for Cedar: what {@link file://./args/to-cedar.ts} makes, never what a client sent. */
export type CedarValue = string | number | boolean | readonly CedarValue[] | { readonly [key: string]: CedarValue };

/** Something the engine found, with byte offsets into the text it was given. */
export interface EngineFinding {
  readonly policy: string | undefined;
  readonly message: string;
  readonly help: string | undefined;
  readonly start: number;
}

/** One parsed set of policies inside the engine. */
export interface PreparsedSet {
  readonly id: string;
}

/** One question to the engine. */
export interface Question {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Readonly<Record<string, CedarValue>>;
  readonly entities: readonly EntityJson[];
}

/** What the engine answered: `reason` made the decision; `errored` could not be evaluated and had no say. */
export interface Answer {
  readonly allowed: boolean;
  readonly reason: readonly string[];
  readonly errored: readonly string[];
}

/** Parse errors of a whole file; empty: it parses. */
export function parseErrors(text: string): readonly EngineFinding[] {
  const answer = checkParsePolicySet({ staticPolicies: text });
  return answer.type === "success" ? [] : answer.errors.map((error) => asFinding(undefined, error));
}

/** How many policies the engine sees in `text`. */
export function countPolicies(text: string): number {
  const answer = policySetTextToParts(text);
  return answer.type === "failure" ? 0 : answer.policies.length + answer.policy_templates.length;
}

/** The syntax tree of exactly one policy, or why there is none. Integers beyond 2^53 in it have lost digits. */
export function parsePolicy(text: string): PolicyJson | EngineFinding {
  const answer = policyToJson(text);
  return answer.type === "success" ? answer.json : asFinding(undefined, answer.errors[0]);
}

export function isEngineFinding(value: PolicyJson | EngineFinding): value is EngineFinding {
  return "message" in value;
}

/** Cedar text of a syntax tree, for people. */
export function printPolicy(policy: PolicyJson): string {
  const answer = policyToText(policy);
  return answer.type === "success" ? answer.text : "";
}

/** Cedar text of a schema, for people. */
export function printSchema(schema: SchemaJson<string>): string {
  const answer = schemaToText(schema);
  if (answer.type === "failure") throw new TypeError(`The Cedar schema is not valid: ${answer.errors[0]?.message}`);
  return answer.text;
}

/** Holds policies against a schema, strictly. */
export function validatePolicies(
  schema: SchemaJson<string>,
  policies: Readonly<Record<string, string>>,
): { readonly errors: readonly EngineFinding[]; readonly warnings: readonly EngineFinding[] } {
  const answer = validate({
    schema,
    policies: { staticPolicies: { ...policies } },
    validationSettings: { mode: "strict" },
  });
  if (answer.type === "failure") return { errors: answer.errors.map((one) => asFinding(undefined, one)), warnings: [] };
  return {
    errors: answer.validationErrors.map((one) => asFinding(one.policyId, one.error)),
    warnings: answer.validationWarnings.map((one) => asFinding(one.policyId, one.error)),
  };
}

/** Ids of what the engine holds. It is one engine for the process, and forgets nothing. */
const held = new Set<string>();

/** Parses a set once and keeps it in the engine. Equal sets share one place: tools that differ in nothing cost nothing. */
export function preparse(policies: Readonly<Record<string, string | PolicyJson>>): PreparsedSet {
  const id = createHash("sha256").update(JSON.stringify(policies)).digest("base64url");
  if (held.has(id)) return { id };
  const answer = preparsePolicySet(id, { staticPolicies: { ...policies } });
  if (answer.type === "failure") throw new TypeError(`Cedar cannot parse the policies: ${answer.errors[0]?.message}`);
  held.add(id);
  return { id };
}

/** @throws {Error} the engine could not take the question, or came to no answer: nothing may be allowed then */
export function ask(set: PreparsedSet, { principal, action, resource, context, entities }: Question): Answer {
  const answer: AuthorizationAnswer = statefulIsAuthorized({
    principal,
    action,
    resource,
    // The engine's types know no readonly; it copies what it is given.
    context: context as Record<string, never>,
    entities: entities as EntityJson[],
    preparsedPolicySetId: set.id,
  });
  // Its text could quote an argument, so it stays here.
  if (answer.type === "failure") throw new Error("Cedar could not take the question.");
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === "allow",
    reason: diagnostics.reason,
    errored: diagnostics.errors.map((one) => one.policyId),
  };
}

function asFinding(policy: string | undefined, error: DetailedError | undefined): EngineFinding {
  return {
    policy,
    message: error?.message ?? "unknown error",
    help: error?.help ?? undefined,
    start: error?.sourceLocations?.[0]?.start ?? 0,
  };
}
