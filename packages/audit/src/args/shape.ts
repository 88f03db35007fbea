/** What a dropped field shows of itself: that it was there. */
export const DROPPED = "dropped";

/**
 * Type and length of a value, and nothing else of it: `string:12`, `array:3`, `object:2`, `number`, `boolean`, `null`.
 * Strings are measured in UTF-16 units, objects by their members.
 */
export function shapeOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string:${value.length}`;
    case "number":
    case "boolean":
      return typeof value;
    case "bigint":
      return "number";
    case "object":
      return value === null ? "null" : shapeOfObject(value);
    default:
      return "none";
  }
}

function shapeOfObject(value: object): string {
  if (Array.isArray(value)) return `array:${value.length}`;
  if (value instanceof Map || value instanceof Set) return `array:${value.size}`;
  return `object:${Object.keys(value).length}`;
}
