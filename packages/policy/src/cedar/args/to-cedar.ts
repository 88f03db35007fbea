import type { CedarValue } from "../engine.ts";
import type { RecordShape, Shape } from "../schema/shape.ts";

/** Bounds of what one call may hand to the engine. */
export const ARGUMENT_LIMITS = { maxStringLength: 16_384, maxTotalLength: 65_536, maxValues: 1_024 } as const;

/** Why arguments cannot be judged. `argument` is a name from the tool's schema, `reason` fixed words: nothing a client wrote. */
export class UnfitArgument extends Error {
  override readonly name = "UnfitArgument";
  readonly argument: string;
  readonly reason: string;

  constructor(argument: string, reason: string) {
    super(`${argument}: ${reason}`);
    this.argument = argument;
    this.reason = reason;
  }
}

/**
 * Arguments as Cedar sees them. Built anew along the shape, from strings, whole numbers and booleans only: were the
 * client's own objects passed on, `{"__extn": …}` among them would be read as a decimal or a date, the `forbid` that looks
 * at it would end in a type error, and Cedar goes on without a policy that errs.
 *
 * @param only names of the top-level arguments that the policies at hand look at; `undefined`: all
 * @throws {UnfitArgument} a value that is not of the shape, or too large; nothing may be allowed then
 */
export function toCedar(
  args: unknown,
  shape: RecordShape,
  only: ReadonlySet<string> | undefined,
): Record<string, CedarValue> {
  const budget = { values: ARGUMENT_LIMITS.maxValues, length: ARGUMENT_LIMITS.maxTotalLength };
  if (typeof args !== "object" || args === null || Array.isArray(args)) throw new UnfitArgument("*", "no object");
  const built: Record<string, CedarValue> = {};
  for (const [name, field] of shape.fields) {
    if (only !== undefined && !only.has(name)) continue;
    const value = ownValue(args, name);
    if (value === undefined || (value === null && !field.required)) {
      if (field.required) throw new UnfitArgument(name, "it is missing");
      continue;
    }
    built[name] = convert(name, value, field.shape, budget);
  }
  return built;
}

interface Budget {
  values: number;
  length: number;
}

function convert(name: string, value: unknown, shape: Shape, budget: Budget): CedarValue {
  if (--budget.values < 0) throw new UnfitArgument(name, "it has too many values");
  switch (shape.kind) {
    case "string":
      return textOf(name, value, budget);
    case "long":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new UnfitArgument(name, "no whole number");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw new UnfitArgument(name, "neither true nor false");
      return value;
    case "set":
      if (!Array.isArray(value)) throw new UnfitArgument(name, "no list");
      if (value.length > budget.values) throw new UnfitArgument(name, "it has too many values");
      return value.map((element) => convert(name, element, shape.element, budget));
    case "record":
      return recordOf(name, value, shape, budget);
  }
}

function textOf(name: string, value: unknown, budget: Budget): string {
  if (typeof value !== "string") throw new UnfitArgument(name, "no text");
  if (value.length > ARGUMENT_LIMITS.maxStringLength) throw new UnfitArgument(name, "it is too long");
  budget.length -= value.length;
  if (budget.length < 0) throw new UnfitArgument(name, "it is too long");
  // The engine would read half a surrogate pair as U+FFFD, and judge another text than the tool works with.
  if (!value.isWellFormed()) throw new UnfitArgument(name, "no well-formed Unicode");
  return value;
}

function recordOf(name: string, value: unknown, shape: RecordShape, budget: Budget): CedarValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UnfitArgument(name, "no object");
  for (const key of Object.keys(value)) {
    if (shape.fields.has(key) || shape.leftOut.has(key)) continue;
    throw new UnfitArgument(name, "it has a key that its schema does not name");
  }
  const built: Record<string, CedarValue> = {};
  for (const [key, field] of shape.fields) {
    const inner = ownValue(value, key);
    if (inner === undefined || (inner === null && !field.required)) {
      if (field.required) throw new UnfitArgument(name, "a part of it is missing");
      continue;
    }
    built[key] = convert(name, inner, field.shape, budget);
  }
  return built;
}

function ownValue(from: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(from, key)?.value;
}
