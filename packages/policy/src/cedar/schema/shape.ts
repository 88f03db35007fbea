/**
 * What a policy can see of a value. Everything Cedar has no type for (fractions, unions, free-form objects) is left out of
 * the shape, and with it out of sight of every policy.
 */
export type Shape =
  | { readonly kind: "string"; readonly values: readonly string[] | undefined }
  | { readonly kind: "long" }
  | { readonly kind: "boolean" }
  | { readonly kind: "set"; readonly element: Shape }
  | RecordShape;

/** An object with known fields. */
export interface RecordShape {
  readonly kind: "record";
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields that no policy can look at, each with the reason in words. */
  readonly leftOut: ReadonlyMap<string, string>;
}

export interface Field {
  readonly shape: Shape;
  /** Always there in arguments that have passed the schema. */
  readonly required: boolean;
}

export const EMPTY_RECORD: RecordShape = { kind: "record", fields: new Map(), leftOut: new Map() };

/** Kind and values of a shape as one string; equal for shapes that are the same to a policy. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case "string":
      return "String";
    case "long":
      return "Long";
    case "boolean":
      return "Bool";
    case "set":
      return `Set<${describeShape(shape.element)}>`;
    case "record":
      return `{${[...shape.fields].map(([name, { shape: inner, required }]) => `${name}${required ? "" : "?"}: ${describeShape(inner)}`).join(", ")}}`;
  }
}

/** The shape at the end of `path` below `record`, or where the way ends. */
export function shapeAt(
  record: RecordShape,
  path: readonly string[],
): { readonly found: Field } | { readonly missing: string; readonly among: RecordShape | undefined } {
  let at: Field = { shape: record, required: true };
  for (const name of path) {
    if (at.shape.kind !== "record") return { missing: name, among: undefined };
    const next = at.shape.fields.get(name);
    if (next === undefined) return { missing: name, among: at.shape };
    at = next;
  }
  return { found: at };
}
