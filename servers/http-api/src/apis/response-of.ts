import type { ApiConfig } from "../config/api-schema.ts";
import type { ResponseConfig, ResponseOverride } from "../config/response-schema.ts";
import type { ApiOperation } from "../model/operation.ts";

/** What leaves of answers to an operation of a document: what is said of it alone, over what is said of its API. */
export function responseOfDocumented({ operations, response }: ApiConfig, operation: ApiOperation): ResponseConfig {
  const { id, method, path } = operation;
  const own = ownValue(operations.set, id) ?? ownValue(operations.set, `${method} ${path}`);
  return withOwn(response, own?.response);
}

/** The same for an operation written by hand, whose id is the name of its tool. */
export function responseOfHandwritten({ tools, response }: ApiConfig, { id }: ApiOperation): ResponseConfig {
  return withOwn(response, ownValue(tools, id)?.output);
}

function withOwn(response: ResponseConfig, own: ResponseOverride | undefined): ResponseConfig {
  return own === undefined ? response : { ...response, ...own };
}

/** An operation may be named `constructor`. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
