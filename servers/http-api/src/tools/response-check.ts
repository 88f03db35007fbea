import type { ResponseConfig } from "../config/response-schema.ts";
import type { NamedOperation } from "../context.ts";
import type { Check, JsonSchema } from "../model/json-schema.ts";
import type { ApiResponse } from "../model/operation.ts";

/** The check that an answer of a status and a media type is held to; `undefined` where the document says nothing of it. */
export type ResponseCheck = (status: number, mediaType: string) => Check | undefined;

/** Response schemas of an operation by status: the exact one, else its class, else the default (OpenAPI 3.1, responses object). */
export function responseCheckOf(
  { operation, schemas }: NamedOperation,
  { undeclared }: Pick<ResponseConfig, "undeclared">,
): ResponseCheck {
  // A check is compiled when it is first asked, and an operation has a handful of them.
  const made = new Map<JsonSchema, Check>();
  return (status, mediaType) => {
    const schema = schemaOf(operation.responses, status, mediaType);
    if (schema === undefined) return undefined;
    const known = made.get(schema);
    if (known !== undefined) return known;
    const check = schemas.outputCheck(schema, { undeclared });
    made.set(schema, check);
    return check;
  };
}

function schemaOf(responses: readonly ApiResponse[], status: number, mediaType: string): JsonSchema | undefined {
  const of = (key: string) => responses.find((response) => response.status.toUpperCase() === key);
  const content = (of(String(status)) ?? of(`${Math.trunc(status / 100)}XX`) ?? of("DEFAULT"))?.content ?? {};
  const [type = ""] = mediaType.split("/");
  const range = [mediaType, `${type}/*`, "*/*"].find((key) => Object.hasOwn(content, key));
  return range === undefined ? undefined : content[range];
}
