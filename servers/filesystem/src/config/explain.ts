import { nearest } from "@hardened-mcp/server";
import type { z } from "zod";
import { configSchema } from "./schema.ts";

/** Says what is wrong with a configuration, one line each; an unknown key comes with the nearest right one. */
export function explainIssues(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => explainUnknown(issue.path, key));
    if (issue.code === "invalid_union")
      return issue.errors.flatMap((one) => explainNested(issue.path, one)).slice(0, 3);
    return [`${issue.path.join(".")}: ${issue.message}`];
  });
}

function explainNested(path: readonly PropertyKey[], issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return explainIssues(issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
}

function explainUnknown(path: readonly PropertyKey[], key: string): string {
  const near = nearest(key, keysAt(path));
  const where = [...path, key].join(".");
  return `Unknown key "${where}".${near === undefined ? "" : ` Did you mean "${[...path, near].join(".")}"?`}`;
}

/** The keys that exist at a place of the schema. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(configSchema.shape);
  if (path[0] === "roots") return ["path", "name", "links"];
  let schema: z.core.$ZodType | undefined = configSchema.shape[path[0] as keyof typeof configSchema.shape];
  while (schema !== undefined) {
    const def: z.core.$ZodTypes["_zod"]["def"] = (schema as z.core.$ZodTypes)._zod.def;
    if (def.type === "object") return Object.keys(def.shape);
    schema = "innerType" in def ? def.innerType : undefined;
  }
  return [];
}
