import type { ResponseConfig } from "../config/response-schema.ts";
import { isJson } from "../http/media-type.ts";
import type { Check, JsonSchema, SchemaSet } from "../model/json-schema.ts";
import type { ApiOperation, ApiResponse } from "../model/operation.ts";

/** The check that an answer of a status and a media type is held to; `undefined`: nothing is declared that it could be held to. */
export type DeclaredCheck = (status: number, mediaType: string) => Check | undefined;

/**
 * The `check` of {@link ReadOptions} by what an operation declares.
 *
 * By exact status, then `2XX`, then `default`, and by exact type, then `type/*`, then the range of all (OpenAPI 3.1, responses and media
 * type objects). An API does not get around its schema by another status of success, another name for JSON, or a body where none is
 * declared: those are held against what is declared for success, and for JSON. Another text is held
 * against what is declared of text. Where types are declared and none is near, such as JSON alone for a text, nothing fits.
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
    let isFree = false;
    for (const { content, isMeant } of contents) {
      const declared = keyOf(content, mediaType);
      if (declared === undefined) continue;
      const schema = content[declared];
      if (schema !== undefined && schema !== true) return checkOf(schema);
      if (isMeant) return undefined;
      isFree = true;
    }
    return isFree || contents.every(({ content }) => Object.keys(content).length === 0) ? undefined : MISFIT;
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

interface Holding {
  readonly content: Content;
  /** Declared of this very status: what has no schema there may be anything. */
  readonly isMeant: boolean;
}

/**
 * What may hold for a status: what is declared of it, then, for success, of any success. A `default` is mostly that of errors, so one
 * without a schema does not free a success of the schemas that others have.
 */
function contentsOf(responses: readonly ApiResponse[], status: number): readonly Holding[] {
  const named = (name: string) => responses.find((response) => response.status.toUpperCase() === name);
  const isSuccess = status >= 200 && status <= 299;
  const own = named(String(status)) ?? named(`${Math.floor(status / 100)}XX`);
  const rest = own === undefined ? named("DEFAULT") : undefined;
  const others = isSuccess ? responses.filter((one) => one !== own && one.status.startsWith("2")) : [];
  return [
    ...(own === undefined ? [] : [{ content: own.content, isMeant: true }]),
    ...(rest === undefined ? [] : [{ content: rest.content, isMeant: !isSuccess }]),
    ...others.map(({ content }) => ({ content, isMeant: false })),
  ];
}

function keyOf(content: Content, mediaType: string): string | undefined {
  const family = mediaType.split("/")[0];
  const declared = [mediaType, `${family}/*`, "*/*"].find((range) => Object.hasOwn(content, range));
  if (declared !== undefined) return declared;
  const types = Object.keys(content);
  // What is declared of XML alone says of JSON what it can; what is text by its schema may be another text.
  if (isJson(mediaType)) return types.find(isJson) ?? types.find((type) => content[type] !== undefined);
  return family === "text" ? types.find((type) => type.startsWith("text/") && !isJson(type)) : undefined;
}

/** Of a body whose type is not declared, and of which nothing is known therefore. */
const MISFIT: Check = () => ({
  ok: false,
  issues: [{ path: [], rule: "media_type", message: "is of a type that is not declared" }],
});
