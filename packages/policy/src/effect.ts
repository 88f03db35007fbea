/**
 * What a tool does to the world, declared once.
 *
 * - `read`: observes, changes nothing.
 * - `write`: creates or changes something that can be put back.
 * - `destroy`: deletes or overwrites; what was there is gone.
 * - `external`: acts on the world outside: sends, pays, publishes.
 */
export type Effect = "read" | "write" | "destroy" | "external";

/** Every effect, mildest first. */
export const EFFECTS: readonly Effect[] = ["read", "write", "destroy", "external"];

/** Whether `effect` can do less than `other`. What acts on the world outside compares with nothing else. */
export function isMilder(effect: Effect, other: Effect): boolean {
  if (effect === "external" || other === "external") return false;
  return EFFECTS.indexOf(effect) < EFFECTS.indexOf(other);
}
