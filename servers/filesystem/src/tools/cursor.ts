import { createHash } from "node:crypto";
import { z } from "zod";
import { FileError } from "../errors.ts";

const DIGEST_BYTES = 9;
const content = z.tuple([z.string(), z.string(), z.int().min(0)]);

/** Where a page ended: the last path seen, and a number whose meaning is the tool's (a line, a size). */
export interface Position {
  readonly path: string;
  readonly at: number;
}

/**
 * A cursor holds no state of the server and grants nothing: its path is only compared with names that a walk finds, never
 * opened. The digest ties it to its query, so that a page of one search is not continued as another's.
 */
export function encodeCursor(query: unknown, position: Position): string {
  return Buffer.from(JSON.stringify([digestOf(query), position.path, position.at])).toString("base64url");
}

/** @throws {FileError} `cursor` when it was not given for this query */
export function decodeCursor(cursor: string | undefined, query: unknown): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = content.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data[0] !== digestOf(query)) throw new FileError("cursor");
  return { path: parsed.data[1], at: parsed.data[2] };
}

function digestOf(query: unknown): string {
  return createHash("sha256").update(JSON.stringify(query)).digest().subarray(0, DIGEST_BYTES).toString("base64url");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
