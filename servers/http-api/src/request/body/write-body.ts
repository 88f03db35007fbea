import type { Json } from "../../model/json-schema.ts";
import type { ApiBody, ApiOperation } from "../../model/operation.ts";
import { argumentOf } from "../argument-of.ts";
import { refuseKey } from "../expand-query.ts";
import { isList, wellFormed } from "../flatten.ts";
import type { UploadFiles } from "../open-files.ts";
import { refuseArgument } from "../refuse-argument.ts";
import { isMethodOverride } from "../reserved-names.ts";
import { findFile } from "./find-file.ts";
import { writeForm } from "./write-form.ts";
import { writeMultipart } from "./write-multipart.ts";
import type { WrittenBody } from "./written-body.ts";

/**
 * The body of a request; `undefined` where it has none. GET and HEAD never have one: servers and caches disagree about what it means
 * (RFC 9110, 9.3.1), which is what request smuggling lives on.
 *
 * @throws {CallError} `invalid_input`, and what finding a file throws
 */
export function writeBody(
  operation: ApiOperation,
  args: Readonly<Record<string, Json>>,
  files: UploadFiles | undefined,
): WrittenBody | undefined {
  const { body, method } = operation;
  if (body === undefined) return undefined;
  const value = argumentOf(args, body.argument);
  if (value === undefined) {
    if (body.required) refuseArgument(body.argument, "is missing.", "missing");
    return undefined;
  }
  if (method === "GET" || method === "HEAD")
    refuseArgument(body.argument, "cannot be sent: this method has no body.", "body_method");
  refuseMethod(body, value);
  return WRITERS[body.form](body, value, files);
}

/** Laravel and Parse take `_method` from JSON, too. */
function refuseMethod(body: ApiBody, value: Json): void {
  if (value === null || typeof value !== "object" || isList(value)) return;
  for (const key in value) if (isMethodOverride(key)) refuseKey(body);
}

type Writer = (body: ApiBody, value: Json, files: UploadFiles | undefined) => WrittenBody;

const WRITERS: Readonly<Record<ApiBody["form"], Writer>> = {
  json: (body, value) => text(body, JSON.stringify(value)),
  text: (body, value) => {
    if (typeof value !== "string") refuseArgument(body.argument, "has to be a text.", "body_text");
    return text(body, value);
  },
  urlencoded: (body, value) => text(body, writeForm(body, value)),
  multipart: writeMultipart,
  file: (body, value, files) => {
    const file = findFile(body.argument, value, files);
    return { body: { kind: "stream", length: file.length, open: file.open }, contentType: body.contentType };
  },
};

function text({ argument, contentType }: ApiBody, content: string): WrittenBody {
  return { body: { kind: "bytes", bytes: Buffer.from(wellFormed(content, argument), "utf8") }, contentType };
}
