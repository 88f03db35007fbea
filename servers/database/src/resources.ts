import { SqlError } from "@hardened-mcp/safe-sql";
import { defineResource, type ResourceDefinition, type ResourcePage } from "@hardened-mcp/server";
import { callerOf } from "./caller.ts";
import { type DatabaseContext, READ_SCOPE } from "./context.ts";
import { answering, SQL_ERRORS } from "./errors.ts";
import { isAway } from "./sources/ask.ts";
import { isTableUri, tableOf, tableUri } from "./table-uri.ts";
import { toDescription } from "./tools/describe-table.ts";
import { afterName, decodeName, encodeName } from "./tools/name-cursor.ts";

/** Tables in one page of `resources/list`. */
const PAGE = 200;
/** Longest URI and name of a listed resource, in characters; the server's own bounds. */
const MAX_URI = 8192;
const MAX_NAME = 1024;
const QUERY = ["resources/list"];

/** The description of every table that the caller may read, under `database://SOURCE/TABLE`. */
export function tableResources(context: DatabaseContext): ResourceDefinition {
  // JSON inside a mark is text.
  const mimeType = context.markUntrusted ? "text/plain" : "application/json";
  return defineResource({
    name: "table",
    description: "A table or view of a database: columns, types, keys, indexes.",
    scope: READ_SCOPE,
    uri: "database://{source}/{table}",
    isCanonical: isTableUri,
    mimeType,
    audit: { source: "plain", table: "plain" },
    errors: SQL_ERRORS,
    list: (cursor, call) =>
      answering(async (): Promise<ResourcePage> => {
        const all = await listed(context, call);
        const { page, last } = afterName(all, decodeName(cursor, QUERY), PAGE);
        return {
          resources: page.map(({ uri, title }) => ({ uri, name: title, mimeType })),
          ...(last === undefined ? {} : { nextCursor: encodeName(QUERY, last) }),
        };
      }),
    read: ({ uri, variables }, call) =>
      answering(async () => {
        const named = context.sources.get(variables["source"] ?? "");
        const table = tableOf(variables["table"] ?? "%");
        if (named === undefined || table === undefined) throw new SqlError("unknown_name");
        const description = await named.source.describeTable(table, callerOf(call.principal), call.signal);
        return [{ uri, mimeType, text: JSON.stringify(toDescription(description)) }];
      }),
  });
}

type Listing = { readonly name: string; readonly uri: string; readonly title: string };

/** Every table of every source, in the order of their URIs, which is what cursors rest on. A source that is away lists nothing. */
async function listed(
  { sources }: DatabaseContext,
  call: Parameters<NonNullable<ResourceDefinition["list"]>>[1],
): Promise<readonly Listing[]> {
  const all: Listing[] = [];
  for (const { name: source, source: database } of sources.values()) {
    const tables = await database.listTables(callerOf(call.principal), call.signal).catch((error: unknown) => {
      if (!isAway(error)) throw error;
      return [];
    });
    for (const { name } of tables) {
      const uri = tableUri(source, name);
      // One table that could not be read under its URI, or listed, must not take the whole list with it.
      if (uri.length > MAX_URI || !isTableUri(uri) || name === "." || name === "..") continue;
      all.push({ name: uri, uri, title: name.slice(0, MAX_NAME) });
    }
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}
