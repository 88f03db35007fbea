import type { Call } from "@hardened-mcp/server";
import type { ApiContext, NamedOperation, OpenedApi } from "../context.ts";
import type { ApiAnswer, SendContext } from "../model/exchange.ts";
import type { Check, Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";
import { buildRequest } from "../request/build-request.ts";
import { declaredChecks } from "../response/declared-checks.ts";
import { readAnswer } from "../response/read-response.ts";
import { refusalOf } from "../response/refusal.ts";
import { reservedNamesOf } from "./reserved-names.ts";

/** Asks the API: valid arguments become a request, and what comes back becomes an answer that may leave. */
export type AskApi = (
  args: Readonly<Record<string, unknown>>,
  call: Pick<Call, "principal" | "signal">,
) => Promise<ApiAnswer>;

export function askApi({ hashKey }: ApiContext, api: OpenedApi, named: NamedOperation): AskApi {
  const { config, files, upstream } = api;
  const { operation, response } = named;
  const base = new URL(api.baseUrl);
  const reserved = reservedNamesOf(config.credential);
  const check = declaredChecks(operation, named.schemas, response);
  const fits = argumentCheck(named);
  const isIdempotent = isSafeToRepeat(operation);
  const deadlineMs = operation.deadlineMs ?? config.upstream.deadlineMs;

  async function send(request: ReturnType<typeof buildRequest>, context: SendContext) {
    try {
      return await upstream.send(request, context);
    } catch (error) {
      throw refusalOf(error, operation);
    }
  }

  return async (given, { principal, signal }) => {
    // Arguments were JSON, and their checks return JSON.
    const args = given as Readonly<Record<string, Json>>;
    const request = buildRequest(operation, args, {
      base,
      headers: config.headers,
      files,
      reserved,
      templates: api.templates,
    });
    const received = await send(request, { principal, signal, isIdempotent, deadlineMs });
    const answer = await readAnswer(received, {
      operation,
      config: response,
      check,
      maxBytes: config.upstream.maxResponseBytes,
      secrets: upstream.secrets,
      hashKey,
      args,
      url: request.url,
      fits,
    });
    return answer.status < 400 ? answer : { ...answer, notes: [REFUSED, ...(answer.notes ?? [])] };
  };
}

/** Arguments of a next page are the API's words: only those that the tool takes are given on. Each check is compiled when it is first asked. */
function argumentCheck({ operation, schemas }: NamedOperation): (argument: string, value: Json) => boolean {
  const checks = new Map<string, Check>();
  return (argument, value) => {
    const parameter = operation.parameters.find((one) => one.argument === argument);
    if (parameter === undefined) return false;
    const check = checks.get(argument) ?? schemas.inputCheck(parameter.schema);
    checks.set(argument, check);
    return check(value).ok;
  };
}

/** For an API whose error bodies are shown: such an answer is a result, and must not be taken for a success. */
const REFUSED = "The API refused the call; this is what it says about it.";

/** RFC 9110, section 9.2.2; and whatever carries a key by which the API knows it again. */
function isSafeToRepeat({ method, idempotencyHeader }: ApiOperation): boolean {
  return ["GET", "HEAD", "PUT", "DELETE"].includes(method) || idempotencyHeader !== undefined;
}
