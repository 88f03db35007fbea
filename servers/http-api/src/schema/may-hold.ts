import type { JsonSchema } from "../model/json-schema.ts";
import type { Place, Plan, Plans } from "./plans.ts";
import { TooMuchWork } from "./work.ts";

/**
 * Whether a value that is cut to a schema can have something at a path of `mask` or `fields`. What is free-form can; where it cannot be told
 * in time, it can too.
 *
 * @param throughLists lists that the path does not name are stepped through, as masks do
 */
export function mayHold(schema: JsonSchema, path: string, plans: Plans, throughLists: boolean): boolean {
  const keys = path.split(".");
  const seen = new Map<Plan, Set<number>>();
  const waiting: (readonly [plan: Plan, at: number])[] = [];

  /** Whether that is the end, or anything may be there. */
  function goes(place: Place | undefined, at: number): boolean {
    if (place === undefined) return false;
    if (at === keys.length || place.schemas.length === 0) return true;
    visit(plans.planOf(place), at);
    return false;
  }

  function visit(plan: Plan, at: number): void {
    const known = seen.get(plan) ?? new Set();
    seen.set(plan, known);
    if (known.has(at)) return;
    known.add(at);
    waiting.push([plan, at]);
  }

  function inObject(plan: Plan, key: string, at: number): boolean {
    if (key !== "*") return goes(plans.placeOf(plan, key), at + 1);
    const names = new Set(plan.parts.flatMap(({ properties }) => Object.keys(properties)));
    const patterned = plan.parts.flatMap((part) => part.patterned.map(([, one]) => one));
    return (
      [...names].some((name) => goes(plans.placeOf(plan, name), at + 1)) ||
      (patterned.length > 0 && goes({ schemas: patterned, plan: undefined }, at + 1)) ||
      goes(plan.extra, at + 1)
    );
  }

  function inArray(plan: Plan, key: string, at: number): boolean {
    const isNamed = key === "*" || /^\d+$/.test(key);
    if (!isNamed && !throughLists) return false;
    return [...plan.prefix, plan.items].some((place) => goes(place, isNamed ? at + 1 : at));
  }

  try {
    visit(plans.rootOf(schema), 0);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [plan, at] = next;
      const key = keys[at] as string;
      if (plan.holdsObject && inObject(plan, key, at)) return true;
      if (plan.holdsArray && inArray(plan, key, at)) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof TooMuchWork) return true;
    throw error;
  }
}
