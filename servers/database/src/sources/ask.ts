import { type Caller, SqlError, type SqlSource } from "@hardened-mcp/safe-sql";
import type { Call } from "@hardened-mcp/server";
import { z } from "zod";
import { callerOf } from "../caller.ts";
import type { DatabaseContext, NamedSource } from "../context.ts";

/**
 * The argument `source`: one of the names, so that a model need not guess and a policy can speak of each. With a single source it
 * may be left out, and is filled in before a policy is asked.
 */
export function sourceArgument(names: readonly string[]) {
  const [only = ""] = names;
  const one = z.enum(names as [string, ...string[]]);
  return names.length > 1 ? one : one.default(only);
}

/** Names of the sources that `keep` holds for. */
export function namesOf({ sources }: DatabaseContext, keep: (source: SqlSource) => boolean = () => true): string[] {
  return [...sources.values()].filter(({ source }) => keep(source)).map(({ name }) => name);
}

/** The source of a name that the schema has let through. */
export function sourceOf({ sources }: DatabaseContext, name: string): NamedSource {
  const found = sources.get(name);
  if (found === undefined) throw new TypeError("a source that the schema does not know");
  return found;
}

/** What every request to a source says of the call it is for. */
export function asked(call: Call): { readonly caller: Caller; readonly signal: AbortSignal } {
  return { caller: callerOf(call.principal), signal: call.signal };
}

/** Whether a source could not be asked at all. */
export function isAway(error: unknown): boolean {
  return error instanceof SqlError && error.code === "unavailable";
}
