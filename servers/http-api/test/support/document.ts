import type { ApiConfig } from "../../src/config/api-schema.ts";
import { apiConfig } from "../../src/config/api-schema.ts";
import { parseDocument } from "../../src/document/load-document.ts";
import { type DocumentOperations, type OperationsOptions, operationsOf } from "../../src/document/operations.ts";

/** An OpenAPI 3.1 document of these paths. */
export function documentOf(paths: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { openapi: "3.1.0", info: { title: "Test", version: "1" }, paths, ...more };
}

export interface MapOptions extends Partial<OperationsOptions> {
  /** As in a configuration file. */
  readonly config?: unknown;
}

/** Maps a document as a server does at start. */
export function map(document: unknown, { config = {}, ...options }: MapOptions = {}): DocumentOperations {
  const parsed: ApiConfig = apiConfig.parse(config);
  return operationsOf(parseDocument(JSON.stringify(document)), "shop", parsed, {
    allowWrite: false,
    hasUploads: false,
    prefix: false,
    ...options,
  });
}

/** A document with one operation. */
export function one(
  operation: unknown,
  { path = "/things", method = "get", ...more }: Record<string, unknown> = {},
): Record<string, unknown> {
  return documentOf({ [String(path)]: { [String(method)]: operation } }, more);
}

/** What was left out, in short. */
export function reasons({ leftOut }: Pick<DocumentOperations, "leftOut">): readonly string[] {
  return leftOut.map(({ what, reason }) => `${what} ${reason}`);
}
