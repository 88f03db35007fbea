import type { DescribedApi } from "./context.ts";
import type { ApiOperation, LeftOut } from "./model/operation.ts";

/** What became a tool and what did not, for programs. */
export function operationsJson(apis: readonly DescribedApi[]): object {
  return {
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
  };
}

/** The same, for people. */
export function operationsText(apis: readonly DescribedApi[]): string {
  return apis.map(apiText).join("\n");
}

function apiText({ name, baseUrl, operations, leftOut }: DescribedApi): string {
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
    "",
  ].join("\n");
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
