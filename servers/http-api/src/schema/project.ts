import type { Json, JsonSchema } from "../model/json-schema.ts";
import type { Place, Plan, Plans } from "./plans.ts";
import { put } from "./words.ts";

/**
 * An answer without `writeOnly` keys and, with `drop`, without keys that no schema for that place declares. Alternatives count
 * together: a key that any of them declares stays. An object or array where the schemas want something else becomes `null`: whatever is in
 * it, nobody declared it.
 *
 * What loses nothing is returned as it is, and no part of what is given changes: most answers fit, and a copy of 100 KiB is work for the
 * collector too.
 *
 * Own code, since ajv's `removeAdditional` cuts what the second of two alternatives declares (ajv documentation, "Modifying data").
 *
 * @throws {TooMuchWork}
 */
export function projected(value: Json, schema: JsonSchema, plans: Plans): Json {
  if (typeof value !== "object" || value === null) return value;
  return project(value, plans.rootOf(schema), plans);
}

type Holder = readonly Json[] | { readonly [key: string]: Json };

function project(value: Holder, plan: Plan, plans: Plans): Json {
  if (isList(value)) return plan.holdsArray ? projectArray(value, plan, plans) : null;
  return plan.holdsObject ? projectObject(value, plan, plans) : null;
}

function projectArray(value: readonly Json[], plan: Plan, plans: Plans): Json {
  let made: Json[] | undefined;
  for (let at = 0; at < value.length; at++) {
    const part = value[at] as Json;
    const left = projectAt(part, plan.prefix[at] ?? plan.items, plans);
    if (made === undefined && left !== part) made = value.slice(0, at);
    made?.push(left);
  }
  return made ?? value;
}

function projectObject(value: { readonly [key: string]: Json }, plan: Plan, plans: Plans): Json {
  const keys = Object.keys(value);
  let made: Record<string, Json> | undefined;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as string;
    const part = value[key] as Json;
    const place = plans.placeOf(plan, key);
    const left = place === undefined ? part : projectAt(part, place, plans);
    if (made === undefined && (place === undefined || left !== part)) made = membersOf(value, keys.slice(0, at));
    if (made !== undefined && place !== undefined) put(made, key, left);
  }
  return made ?? value;
}

function projectAt(part: Json, place: Place, plans: Plans): Json {
  return typeof part === "object" && part !== null ? project(part, plans.planOf(place), plans) : part;
}

function isList(value: Holder): value is readonly Json[] {
  return Array.isArray(value);
}

function membersOf(value: { readonly [key: string]: Json }, keys: readonly string[]): Record<string, Json> {
  const made: Record<string, Json> = {};
  for (const key of keys) put(made, key, value[key]);
  return made;
}
