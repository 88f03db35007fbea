import type { JsonSchema } from "../model/json-schema.ts";
import { deref } from "../schema/refs.ts";
import { isNode, isStrings, own, put } from "../schema/words.ts";

/** What a caller gives where the upstream gets a file. */
export const PATH_OF_FILE = {
  type: "string",
  minLength: 1,
  maxLength: 4096,
  description: "Path of a file below an upload root.",
} as const;

/**
 * The schema of a multipart body as a caller fills it: where the upstream gets a file, the caller gives the path of one. Without upload roots
 * such a property is left out.
 *
 * @param lose told of each that is left out; throws where it must not be
 */
export function filesOf(
  schema: JsonSchema,
  { root, hasUploads }: { readonly root: unknown; readonly hasUploads: boolean },
  lose: (name: string, isRequired: boolean) => void,
): { readonly schema: JsonSchema; readonly files: readonly string[] } {
  const node = deref(root, schema);
  const properties = isNode(node) ? own(node, "properties") : undefined;
  if (!isNode(node) || !isNode(properties)) return { schema, files: [] };
  const required = own(node, "required");
  const files: string[] = [];
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(properties)) {
    const kind = kindOf(root, one);
    if (kind === undefined) put(made, name, one);
    else if (hasUploads) {
      files.push(name);
      put(made, name, kind === "file" ? PATH_OF_FILE : { type: "array", items: PATH_OF_FILE, maxItems: 32 });
    } else {
      const isRequired = isStrings(required) && required.includes(name);
      lose(name, isRequired);
      // `false`, and not merely away: the object may let undeclared keys in.
      put(made, name, false);
    }
  }
  return { schema: { ...node, properties: made }, files };
}

/** OpenAPI 3.0: `format: binary`; 3.1: `contentMediaType` without `contentEncoding` (section 4.8.14.2). */
function kindOf(root: unknown, schema: unknown): "file" | "files" | undefined {
  const node = deref(root, schema);
  if (!isNode(node)) return undefined;
  if (own(node, "type") === "array") return isFile(deref(root, own(node, "items"))) ? "files" : undefined;
  return isFile(node) ? "file" : undefined;
}

function isFile(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (own(node, "format") === "binary" || own(node, "type") === "file") return true;
  const type = own(node, "contentMediaType");
  return (
    typeof type === "string" &&
    own(node, "contentEncoding") === undefined &&
    !/^(?:text\/|application\/json)/.test(type)
  );
}
