import type { z } from "zod";
import { nearest } from "../errors/nearest.ts";

/** Says what is wrong with a configuration, one line each; an unknown key comes with the nearest right one. */
export function explainIssues(schema: z.core.$ZodType, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => explainUnknown(schema, issue.path, key));
    // A union told apart by one key has nothing to say of its forms where that key is none of them.
    if (issue.code === "invalid_union" && issue.errors.length > 0)
      return issue.errors.flatMap((one) => explainNested(schema, issue.path, one)).slice(0, 3);
    if (issue.code === "invalid_key") return issue.issues.map((one) => `${issue.path.join(".")}: ${one.message}`);
    return [`${issue.path.join(".")}: ${issue.message}`];
  });
}

function explainNested(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  issues: readonly z.core.$ZodIssue[],
): readonly string[] {
  return explainIssues(
    schema,
    issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
  );
}

function explainUnknown(schema: z.core.$ZodType, path: readonly PropertyKey[], key: string): string {
  // The key may be that of another form of the same place, as `url` is where "type" says sqlite: no word is meant for itself.
  const near = nearest(
    key,
    [...keysAt([schema], path)].filter((known) => known !== key),
  );
  const where = [...path, key].join(".");
  return `Unknown key "${where}".${near === undefined ? "" : ` Did you mean "${[...path, near].join(".")}"?`}`;
}

/** The keys that exist at a place of the schema, in any form of it that a value there may take. */
function keysAt(schemas: readonly z.core.$ZodType[], [step, ...rest]: readonly PropertyKey[]): ReadonlySet<string> {
  const forms = schemas.flatMap(formsOf);
  if (step === undefined) return new Set(forms.flatMap((def) => (def.type === "object" ? Object.keys(def.shape) : [])));
  const inner = forms.flatMap((def) => {
    if (def.type === "object") return def.shape[String(step)] ?? [];
    if (def.type === "record") return def.valueType;
    return def.type === "array" ? def.element : [];
  });
  return inner.length === 0 ? new Set() : keysAt(inner, rest);
}

type Def = z.core.$ZodTypes["_zod"]["def"];

/** A schema without what is wrapped around it: defaults, optionality, unions. */
function formsOf(schema: z.core.$ZodType): readonly Def[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "union") return def.options.flatMap(formsOf);
  return "innerType" in def ? formsOf(def.innerType) : [def];
}
