import type { Json } from "../model/json-schema.ts";

export interface ParsedJson {
  readonly value: Json;
  /** The same with whole numbers beyond 2^53 as text, where there are any. */
  readonly exact: Json | undefined;
}

/** Nested arrays and objects. Far below where checking, masking and writing would overflow the stack. */
const MAX_DEPTH = 64;

/** Fixed words for the audit record, and our sentence. */
export class HostileJson extends Error {
  override readonly name = "HostileJson";
  readonly rule: "json_syntax" | "json_depth" | "json_number";

  constructor(rule: HostileJson["rule"], message: string) {
    super(message);
    this.rule = rule;
  }
}

/**
 * What an API wrote as JSON.
 *
 * The engine decides what JSON is, and its reading is the only one: of two equal keys the last counts, for whoever is behind us too,
 * since the text itself goes nowhere. So one walk over its result is all that is needed (33 us for 100 KiB, where a scan of the text
 * costs 350): depth, keys that would become a prototype, and numbers that did not survive.
 *
 * @throws {HostileJson}
 */
export function parseJson(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HostileJson("json_syntax", "The API's answer says that it is JSON, and is not.");
  }
  const survey = { inexact: false };
  look(value, 0, survey);
  return { value: value as Json, exact: survey.inexact ? exactly(text) : undefined };
}

function look(value: unknown, depth: number, survey: { inexact: boolean }): void {
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new HostileJson("json_number", "The API's answer has a number that is too large to be read.");
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) survey.inexact = true;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (depth >= MAX_DEPTH) throw new HostileJson("json_depth", "The API's answer is nested too deeply.");
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" || typeof item === "number") look(item, depth + 1, survey);
    return;
  }
  const members = value as Record<string, unknown>;
  for (const key in members) {
    // An own key here, but a prototype for the first careless copy behind us.
    if (key === "__proto__") delete members[key];
    else {
      const member = members[key];
      if (typeof member === "object" || typeof member === "number") look(member, depth + 1, survey);
    }
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Ten times the cost of a plain parse, so only where a number needs it. */
function exactly(text: string): Json {
  const reviver: Reviver = (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? source
      : value;
  return JSON.parse(text, reviver as (this: unknown, key: string, value: unknown) => unknown);
}

/**
 * Puts the digits back into a checked value: a client that got 9007199254740992 for ...993 would act on another thing. Only numbers
 * that are still there change, and only into the text of themselves.
 */
export function withExact(value: Json, exact: Json): Json {
  if (typeof value === "number") return typeof exact === "string" ? exact : value;
  if (value === null || typeof value !== "object" || exact === null || typeof exact !== "object") return value;
  if (Array.isArray(value))
    return value.map((item: Json, at) => withExact(item, (exact as readonly Json[])[at] ?? null));
  const members = exact as { readonly [key: string]: Json };
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      withExact(member, Object.hasOwn(members, key) ? (members[key] ?? null) : null),
    ]),
  );
}
