import { randomBytes } from "node:crypto";
import type { Json } from "../../model/json-schema.ts";
import type { ApiBody } from "../../model/operation.ts";
import { isList, textOf, wellFormed } from "../flatten.ts";
import type { UploadFile, UploadFiles } from "../open-files.ts";
import { refuseArgument } from "../refuse-argument.ts";
import { findFile } from "./find-file.ts";
import { membersOf } from "./members.ts";
import { encodingOf } from "./write-form.ts";
import type { WrittenBody } from "./written-body.ts";

interface Part {
  readonly name: string;
  readonly contentType: string | undefined;
  readonly content: Buffer | UploadFile;
}

/** Parts of one body. */
const MAX_PARTS = 1000;
const MEDIA_TYPE = /^[!#$&^_.+0-9A-Za-z-]+\/[!#$&^_.+0-9A-Za-z-]+$/;

/**
 * `multipart/form-data` (RFC 7578). The boundary is 144 random bits that no content can guess. Kept as bytes where no file is in it, else
 * a stream whose length is known.
 */
export function writeMultipart(body: ApiBody, value: Json, files: UploadFiles | undefined): WrittenBody {
  const parts = membersOf(body, value).flatMap(([name, member]) => partsOf(body, name, member, files));
  if (parts.length > MAX_PARTS) refuseArgument(body.argument, "has too many parts.", "body_parts");
  const boundary = `part-${randomBytes(18).toString("hex")}`;
  const pieces: (Buffer | UploadFile)[] = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n${head(part, body.argument)}\r\n`),
    part.content,
    Buffer.from("\r\n"),
  ]);
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  const contentType = `${body.contentType}; boundary=${boundary}`;
  if (pieces.every((piece) => Buffer.isBuffer(piece))) {
    return { body: { kind: "bytes", bytes: Buffer.concat(pieces) }, contentType };
  }
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { body: { kind: "stream", length, open: () => concatenated(pieces) }, contentType };
}

async function* concatenated(pieces: readonly (Buffer | UploadFile)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* piece.open();
  }
}

/** A list is one part for each element (RFC 7578, 4.3). */
function partsOf(body: ApiBody, name: string, value: Json, files: UploadFiles | undefined): readonly Part[] {
  if (isList(value)) return value.filter((item) => item !== null).flatMap((item) => partsOf(body, name, item, files));
  const declared = encodingOf(body, name).contentType?.split(",")[0]?.trim();
  const contentType = declared !== undefined && MEDIA_TYPE.test(declared) ? declared : undefined;
  if (body.files.includes(name)) {
    return [
      { name, contentType: contentType ?? "application/octet-stream", content: findFile(body.argument, value, files) },
    ];
  }
  const isJson = contentType === "application/json" || (typeof value === "object" && value !== null);
  const text = isJson ? JSON.stringify(value) : textOf(value, body.argument);
  return [
    {
      name,
      contentType: contentType ?? (isJson ? "application/json" : undefined),
      content: Buffer.from(wellFormed(text, body.argument)),
    },
  ];
}

function head({ name, contentType, content }: Part, argument: string): string {
  const filename = Buffer.isBuffer(content) ? "" : `; filename="${quoted(content.name, argument)}"`;
  const type = contentType === undefined ? "" : `Content-Type: ${contentType}\r\n`;
  return `Content-Disposition: form-data; name="${quoted(name, argument)}"${filename}\r\n${type}`;
}

/**
 * A name between quotes: the quote as %22, as browsers write it (RFC 7578, 4.2; WHATWG HTML, multipart encoding). Backslashes are for
 * some readers an escape, controls the end of the line: refused.
 */
function quoted(name: string, argument: string): string {
  if (/[\p{Cc}\\\u2028\u2029]/u.test(name))
    refuseArgument(argument, "has a name with characters that a form cannot carry.", "part_name");
  return wellFormed(name, argument).replaceAll('"', "%22");
}
