import type { ResponseConfig } from "../config/response-schema.ts";
import type { Check, JsonSchema, SchemaSet } from "../model/json-schema.ts";
import type { ApiOperation, ApiResponse } from "../model/operation.ts";
import { isJson } from "./media-type.ts";

/**
 * The `check` of {@link ReadOptions} by what an operation declares.
 *
 * By exact status, then `2XX`, then `default`, and by exact type, then `type/*`, then the range of all (OpenAPI 3.1, responses and media
 * type objects). An API does not get around its schema by another success status, or another name for JSON: those are held against what
 * is declared for success, and for JSON.
 */
export function declaredChecks(
  operation: ApiOperation,
  schemas: SchemaSet,
  { undeclared }: Pick<ResponseConfig, "undeclared">,
): (status: number, mediaType: string) => Check | undefined {
  const checks = new Map<JsonSchema, Check>();
  return (status, mediaType) => {
    const response = responseOf(operation.responses, status);
    const schema = response === undefined ? undefined : schemaOf(response, mediaType);
    if (schema === undefined || schema === true) return undefined;
    let check = checks.get(schema);
    if (check === undefined) {
      check = schemas.outputCheck(schema, { undeclared });
      checks.set(schema, check);
    }
    return check;
  };
}

function responseOf(responses: readonly ApiResponse[], status: number): ApiResponse | undefined {
  const named = (name: string) => responses.find((response) => response.status.toUpperCase() === name);
  const declared = named(String(status)) ?? named(`${Math.floor(status / 100)}XX`) ?? named("DEFAULT");
  if (declared !== undefined || status < 200 || status > 299) return declared;
  return responses.find((response) => response.status.startsWith("2"));
}

function schemaOf({ content }: ApiResponse, mediaType: string): JsonSchema | undefined {
  const ranges = [mediaType, `${mediaType.split("/")[0]}/*`, "*/*"];
  const declared =
    ranges.find((range) => Object.hasOwn(content, range)) ??
    (isJson(mediaType) ? Object.keys(content).find(isJson) : undefined);
  return declared === undefined ? undefined : content[declared];
}
