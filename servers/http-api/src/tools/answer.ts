import { guarded, jsonSchemaPart, jsonValue, type PartChecked, written } from "@hardened-mcp/server";
import type { z } from "zod";
import type { ApiAnswer } from "../model/exchange.ts";
import type { Json } from "../model/json-schema.ts";

const json = jsonValue();

/** As {@link asWritten} leaves it: nothing else makes such a body, and what it wrote is JSON on one line. */
const body = guarded(
  json,
  () => undefined,
  () => true,
);

/**
 * The same answer with its body as JSON, for the call path. What an API answers is parsed to be checked, and from here on only sent: as text it
 * is written once, not walked again, and leaves the collector nothing to keep while the audit record goes to disk.
 *
 * @param answer its body came from the JSON parser
 */
export function asWritten(answer: ApiAnswer): ApiAnswer {
  // A text alone stays one: the call path can cut it to the size of an answer.
  if (typeof answer.body !== "object" || answer.body === null) return answer;
  return { ...answer, body: written<Json>(JSON.stringify(answer.body)) };
}

/**
 * What every operation answers. The body is listed as any JSON: it has been held to the response schema, and may deviate from it all the
 * same, by a mask, a selection of fields or, where so configured, with a note. A client that checked it again would refuse what was meant
 * to be seen. One schema for all tools keeps a listing small; response schemas are pinned by each tool's definition.
 */
export const answerSchema: z.ZodType<ApiAnswer, ApiAnswer> = jsonSchemaPart<ApiAnswer>({
  schema: {
    type: "object",
    properties: {
      status: { type: "integer", description: "HTTP status." },
      headers: { type: "object", additionalProperties: { type: "string" } },
      body: { description: "What the API answered, where that is JSON." },
      text: { type: "string", description: "What it answered, where that is text." },
      notes: { type: "array", items: { type: "string" }, description: "What was cut, left out, or does not fit." },
      next: { type: "object", description: "Arguments that ask for the next page." },
    },
    required: ["status", "headers"],
    additionalProperties: false,
  },
  check: checkAnswer,
});

function checkAnswer(value: unknown): PartChecked<ApiAnswer> {
  const answer = value as ApiAnswer;
  const fits =
    Number.isInteger(answer.status) &&
    Object.values(answer.headers).every((one) => typeof one === "string") &&
    (answer.body === undefined || body.safeParse(answer.body).success) &&
    (answer.text === undefined || typeof answer.text === "string") &&
    (answer.notes ?? []).every((note) => typeof note === "string") &&
    (answer.next === undefined || json.safeParse(answer.next).success);
  // Built anew, in this order: nothing leaves but these keys.
  return fits ? { ok: true, value: ownKeys(answer) } : NO_ANSWER;
}

const NO_ANSWER: PartChecked<never> = {
  ok: false,
  issues: [{ path: [], rule: "answer", message: "must be an answer" }],
};

function ownKeys({ status, headers, body, text, notes, next }: ApiAnswer): ApiAnswer {
  return {
    status,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(text === undefined ? {} : { text }),
    ...(notes === undefined ? {} : { notes }),
    ...(next === undefined ? {} : { next }),
  };
}
