import type { FetchUrlConfig } from "./config/fetch-url-schema.ts";
import { type DescribedApi, FETCH_SCOPE } from "./context.ts";
import { plainLine } from "./document/text/plain-text.ts";
import { FETCH_URL } from "./fetch-url/name.ts";
import type { ApiOperation, LeftOut } from "./model/operation.ts";

/** What became a tool and what did not, for programs. Nothing in it that a terminal or a reader would not show. */
export function operationsJson(apis: readonly DescribedApi[], fetchUrl: FetchUrlConfig | undefined): object {
  return clean({
    apis: apis.map(({ name, baseUrl, operations, leftOut }) => ({
      name,
      baseUrl,
      operations: operations.map(({ operation }) => ({
        tool: operation.tool,
        id: operation.id,
        method: operation.method,
        path: operation.path,
        effect: operation.effect,
        scope: operation.scope,
        tags: operation.tags,
        arguments: argumentsOf(operation),
      })),
      leftOut: leftOut.map(({ what, where, reason, message }) => ({ what, where, reason, message })),
    })),
    ...(fetchUrl === undefined
      ? {}
      : {
          fetchUrl: {
            tool: FETCH_URL,
            effect: fetchUrl.effect,
            scope: FETCH_SCOPE,
            hosts: fetchUrl.allow.map(({ host }) => host),
          },
        }),
  });
}

/** The same, for people. */
export function operationsText(apis: readonly DescribedApi[], fetchUrl: FetchUrlConfig | undefined): string {
  const lines = [...apis.map(apiLines), ...(fetchUrl === undefined ? [] : [pagesLines(fetchUrl)])];
  return lines.map((its) => its.map((line) => `${plainLine(line)}\n`).join("")).join("\n");
}

/** Every text in it clean, whatever has let it through before: paths and names are words of a document. */
function clean(value: object): object {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === "string" ? plainLine(one) : one,
  ) as object;
}

function apiLines({ name, baseUrl, operations, leftOut }: DescribedApi): readonly string[] {
  const rows = operations.map(({ operation }) => [
    operation.tool,
    operation.effect,
    `${operation.method} ${operation.path}`,
    operation.scope,
  ]);
  const operationsLeft = leftOut.filter(({ what }) => what === "operation");
  const partsLeft = leftOut.filter(({ what }) => what === "part");
  return [
    `${name}, at ${baseUrl}: ${operations.length} tools`,
    ...table(rows),
    ...section("Left out", operationsLeft),
    ...section("Left out of tools", partsLeft),
  ];
}

function pagesLines({ effect, allow }: FetchUrlConfig): readonly string[] {
  const hosts = allow.map(({ host }) => host).join(", ");
  return ["pages: 1 tool", ...table([[FETCH_URL, effect, hosts, FETCH_SCOPE]])];
}

function section(title: string, leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  return ["", `${title}:`, ...leftOut.map(({ where, reason, message }) => `  ${where} (${reason}): ${message}`)];
}

/** Columns as wide as what is in them. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

function argumentsOf({ parameters, body }: ApiOperation): readonly string[] {
  return [...parameters.map(({ argument }) => argument), ...(body === undefined ? [] : [body.argument])];
}
