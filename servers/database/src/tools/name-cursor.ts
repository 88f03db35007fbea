import { createHash } from "node:crypto";
import { SqlError } from "@hardened-mcp/safe-sql";
import { z } from "zod";

const DIGEST_BYTES = 9;
const content = z.tuple([z.string(), z.string().max(1024)]);

/**
 * A cursor through names in their order. It holds the last name of a page and grants nothing: the name is only compared with those
 * the caller may see. The digest ties it to its query.
 */
export function encodeName(query: readonly unknown[], last: string): string {
  return Buffer.from(JSON.stringify([digestOf(query), last])).toString("base64url");
}

/** @throws {SqlError} `cursor` when it was not given for this query */
export function decodeName(cursor: string | undefined, query: readonly unknown[]): string | undefined {
  if (cursor === undefined) return undefined;
  const parsed = content.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data[0] !== digestOf(query)) throw new SqlError("cursor");
  return parsed.data[1];
}

/** The page of `all`, sorted by name, that begins after a name; `last` only where there is more. */
export function afterName<T extends { readonly name: string }>(
  all: readonly T[],
  after: string | undefined,
  limit: number,
): { readonly page: readonly T[]; readonly last: string | undefined } {
  const rest = after === undefined ? all : all.filter(({ name }) => name > after);
  const page = rest.slice(0, limit);
  return { page, last: rest.length > limit ? page.at(-1)?.name : undefined };
}

function digestOf(query: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(query)).digest().subarray(0, DIGEST_BYTES).toString("base64url");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
