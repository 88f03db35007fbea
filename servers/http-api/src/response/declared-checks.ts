import type { ResponseConfig } from "../config/response-schema.ts";
import type { Check, JsonSchema, SchemaSet } from "../model/json-schema.ts";
import type { ApiOperation, ApiResponse } from "../model/operation.ts";
import { isJson } from "./media-type.ts";

/** The check that an answer of a status and a media type is held to; `undefined`: nothing is declared that it could be held to. */
export type DeclaredCheck = (status: number, mediaType: string) => Check | undefined;

/**
 * The `check` of {@link ReadOptions} by what an operation declares.
 *
 * By exact status, then `2XX`, then `default`, and by exact type, then `type/*`, then the range of all (OpenAPI 3.1, responses and media
 * type objects). An API does not get around its schema by another success status, another name for JSON, or a body where none is
 * declared: those are held against what is declared for success, and for JSON. Nor by calling its JSON text: where JSON has a schema, a
 * type that is not declared fits nothing.
 */
export function declaredChecks(
  operation: ApiOperation,
  schemas: SchemaSet,
  { undeclared }: Pick<ResponseConfig, "undeclared">,
): DeclaredCheck {
  // A check is compiled when it is first asked, and an operation has a handful of them.
  const checks = new Map<JsonSchema, Check>();
  const known = new Map<string, Check | undefined>();

  function checkOf(schema: JsonSchema): Check {
    const check = checks.get(schema) ?? schemas.outputCheck(schema, { undeclared });
    checks.set(schema, check);
    return check;
  }

  function find(status: number, mediaType: string): Check | undefined {
    const contents = contentsOf(operation.responses, status);
    for (const content of contents) {
      const declared = keyOf(content, mediaType);
      if (declared === undefined) continue;
      const schema = content[declared];
      return schema === undefined || schema === true ? undefined : checkOf(schema);
    }
    return contents.some(hasJsonSchema) ? MISFIT : undefined;
  }

  return (status, mediaType) => {
    const key = `${status} ${mediaType}`;
    if (known.has(key)) return known.get(key);
    // Upstreams choose these words, so they must not fill memory.
    if (known.size >= MOST_KNOWN) known.clear();
    const check = find(status, mediaType);
    known.set(key, check);
    return check;
  };
}

const MOST_KNOWN = 64;

type Content = ApiResponse["content"];

/** What may hold for a status: what is declared of it, then, for success, of any success. */
function contentsOf(responses: readonly ApiResponse[], status: number): readonly Content[] {
  const named = (name: string) => responses.find((response) => response.status.toUpperCase() === name);
  const declared = named(String(status)) ?? named(`${Math.floor(status / 100)}XX`) ?? named("DEFAULT");
  const isSuccess = status >= 200 && status <= 299;
  const others = isSuccess ? responses.filter((one) => one !== declared && one.status.startsWith("2")) : [];
  return [...(declared === undefined ? [] : [declared]), ...others].map(({ content }) => content);
}

function keyOf(content: Content, mediaType: string): string | undefined {
  const ranges = [mediaType, `${mediaType.split("/")[0]}/*`, "*/*"];
  return (
    ranges.find((range) => Object.hasOwn(content, range)) ??
    (isJson(mediaType) ? Object.keys(content).find(isJson) : undefined)
  );
}

function hasJsonSchema(content: Content): boolean {
  return Object.entries(content).some(([type, schema]) => isJson(type) && schema !== undefined && schema !== true);
}

/** Of a body whose type is not declared, and of which nothing is known therefore. */
const MISFIT: Check = () => ({
  ok: false,
  issues: [{ path: [], rule: "media_type", message: "is of a type that is not declared" }],
});
