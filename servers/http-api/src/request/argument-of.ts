import type { Json } from "../model/json-schema.ts";

/** What the caller gave; what an object inherits was not given. */
export function argumentOf(args: Readonly<Record<string, Json>>, argument: string): Json | undefined {
  return Object.hasOwn(args, argument) ? args[argument] : undefined;
}
