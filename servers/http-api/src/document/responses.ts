import type { JsonSchema } from "../model/json-schema.ts";
import type { ApiResponse } from "../model/operation.ts";
import { deref } from "../schema/refs.ts";
import { isNode, isSchema, own, put } from "../schema/words.ts";
import type { Entry } from "./entries.ts";
import type { Mapping } from "./mapping.ts";
import { plainType } from "./media-type.ts";
import { type Report, Unfit } from "./report.ts";

const STATUS = /^(?:[1-5][0-9]{2}|[1-5]XX|default)$/;

/**
 * What an operation answers, by status (OpenAPI 3.1, section 4.8.16).
 *
 * @throws {Unfit} the schema of a success cannot be used: its body would leave unchecked. That of an error becomes `false`: nothing fits it.
 */
export function responsesOf(entry: Entry, { root, schemas }: Mapping, report: Report): readonly ApiResponse[] {
  const made: ApiResponse[] = [];
  const responses = own(entry.node, "responses");
  for (const [key, declared] of Object.entries(isNode(responses) ? responses : {})) {
    const status = key.replace(/^([1-5])xx$/, "$1XX");
    if (!STATUS.test(status)) continue;
    const isError = /^[45]/.test(status);
    const response = deref(root, declared);
    if (!isNode(response))
      throw new Unfit("unresolved_ref", "A response of it leads out of the document, or to nothing.");
    const content: Record<string, JsonSchema | undefined> = {};
    for (const [type, media] of Object.entries(nodeOf(own(response, "content")))) {
      const schema: unknown = isNode(media) ? own(media, "schema") : undefined;
      const problem = schema === undefined ? undefined : schemas.scanner.problemOf(schema);
      if (problem === undefined) put(content, plainType(type), isSchema(schema) ? schema : undefined);
      else if (!isError) throw new Unfit(problem.reason, `Its answer ${status} cannot be checked. ${problem.message}`);
      else {
        report.part(`answer ${status}`, problem.reason, `${problem.message} Nothing fits it.`);
        put(content, plainType(type), false);
      }
    }
    made.push({ status, content });
  }
  return made;
}

function nodeOf(value: unknown): Readonly<Record<string, unknown>> {
  return isNode(value) ? value : {};
}
