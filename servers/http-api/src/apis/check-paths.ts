import { ConfigError } from "@hardened-mcp/server";
import type { ApiConfig } from "../config/api-schema.ts";
import type { NamedOperation } from "../context.ts";
import type { LeftOut } from "../model/operation.ts";

type Kind = "mask" | "fields";

/**
 * Holds the paths of `mask` and `fields` against what answers may have by their schemas: a mask that is misspelled hides nothing, and says
 * nothing.
 *
 * @returns what may be meant for operations that are not offered without `--allow-write`
 * @throws {ConfigError} a path that leads nowhere in any answer it is for
 */
export function checkPaths(
  api: string,
  { response }: Pick<ApiConfig, "response">,
  operations: readonly NamedOperation[],
  leftOut: readonly LeftOut[],
): readonly LeftOut[] {
  const isPart = leftOut.some(({ reason }) => reason === "needs_allow_write");
  const notes: LeftOut[] = [];
  for (const kind of ["mask", "fields"] as const) {
    // What operations do not say themselves they have from the API, as the same list.
    for (const [list, its] of Map.groupBy(operations, (one) => one.response[kind])) {
      for (const path of pathsOf(list)) {
        if (its.some((one) => mayHave(one, kind, path))) continue;
        const isShared = list === response[kind];
        const where = isShared ? `apis.${api}.response.${kind}` : `apis.${api}: ${kind} of ${its[0]?.operation.id}`;
        const message = `"${path}" leads nowhere in what the document declares of these answers.`;
        if (!isShared || !isPart) throw new ConfigError(`${where}: ${message} Correct it, or take it out.`);
        notes.push({ where, reason: "no_such_field", message, what: "part" });
      }
    }
  }
  return notes;
}

function pathsOf(list: NamedOperation["response"][Kind]): readonly string[] {
  return (list ?? []).map((one) => (typeof one === "string" ? one : one.field));
}

function mayHave({ operation, schemas, response }: NamedOperation, kind: Kind, path: string): boolean {
  // Errors are declared badly, and what is kept though undeclared is not declared at all.
  if (response.errorBodies || response.undeclared === "keep") return true;
  const successes = operation.responses.filter(({ status }) => !/^[1345]/.test(status));
  const contents = successes.flatMap(({ content }) => Object.values(content));
  return (
    contents.length === 0 ||
    contents.some((schema) => schema === undefined || schemas.mayHold(schema, path, { throughLists: kind === "mask" }))
  );
}
