import { CallError } from "@hardened-mcp/server";
import { isAccepted, isJson, type MediaType, mediaTypeOf } from "../http/media-type.ts";
import type { ApiAnswer, UpstreamAnswer } from "../model/exchange.ts";
import type { Json } from "../model/json-schema.ts";
import type { ApiOperation } from "../model/operation.ts";
import { type SecretHider, secretHider } from "./hide-secrets.ts";
import { nextPage } from "./next-page.ts";
import { jsonBody, textBody } from "./read-body.ts";
import { readBytes } from "./read-bytes.ts";
import type { ReadOptions } from "./read-options.ts";
import { refusalOf, unreadable } from "./refusal.ts";
import { selectHeaders } from "./select-headers.ts";
import { statusRefusal } from "./status-refusal.ts";

/**
 * What leaves of an answer.
 *
 * Reads the body to its end, or discards it. An answer of 4xx or 5xx is a {@link CallError} in our words; with `errorBodies` it is
 * returned like any other, and whoever gets it has to mark it as an error.
 *
 * @throws {CallError} by status, see `statusRefusal`; `denied` for a type that
 * is not accepted, text that is not of its charset, hostile JSON, and a body that does not fit where the configuration refuses that;
 * `too_large`
 */
export async function readAnswer(answer: UpstreamAnswer, options: ReadOptions): Promise<ApiAnswer> {
  const refusal = statusRefusal(answer, options.operation);
  if (refusal === undefined) return read(answer, options);
  if (!options.config.errorBodies || answer.status < 400 || answer.status > 599) {
    await answer.discard();
    throw refusal;
  }
  try {
    return await read(answer, options);
  } catch (error) {
    // The status is what counts; that its body cannot be shown changes nothing.
    throw error instanceof CallError ? refusal : error;
  }
}

async function read(answer: UpstreamAnswer, options: ReadOptions): Promise<ApiAnswer> {
  try {
    return await readKnown(answer, options);
  } catch (error) {
    await answer.discard();
    const { operation } = options;
    const refusal = refusalOf(error, { effect: "read" });
    // The head said yes: what was asked has happened, whatever became of the body.
    throw error instanceof CallError || operation.effect === "read"
      ? refusal
      : new CallError(refusal.code, `${refusal.message} The call itself was carried out: do not send it again.`, {
          cause: error,
          ...(refusal.rule === undefined ? {} : { rule: refusal.rule }),
        });
  }
}

async function readKnown(answer: UpstreamAnswer, options: ReadOptions): Promise<ApiAnswer> {
  const { operation, config } = options;
  const hider = secretHider(options.secrets());
  const head = { status: answer.status, headers: selectHeaders(answer.headers, config.headers, hider.inText) };
  const link = linkOf(answer);
  const type = typeOf(answer, options);
  if (hasNoBody(answer, operation)) {
    await answer.discard();
    const notes = answer.status === 304 ? { notes: [NOT_MODIFIED] } : {};
    return { ...head, ...notes, ...next(options, link, undefined, hider) };
  }
  const { bytes, cut } = await readBytes(answer, options.maxBytes);
  // All that came frames a body, and is none: it could be anything.
  if (bytes.length === 0 && cut) throw tooLarge(operation);
  if (bytes.length === 0) return { ...head, ...next(options, link, undefined, hider) };
  if (type === undefined) throw unreadable("The API's answer does not say what it is.", "no_content_type", operation);
  if (!isJson(type.essence)) {
    return {
      ...head,
      ...textBody(bytes, cut, type, answer.status, options, hider),
      ...next(options, link, undefined, hider),
    };
  }
  if (cut) throw tooLarge(operation);
  const { raw, ...shown } = jsonBody(bytes, type, answer.status, options, hider);
  return { ...head, ...shown, ...next(options, link, raw, hider) };
}

function tooLarge(operation: ApiOperation): CallError {
  const why = "The API's answer is larger than this server reads. Ask for less of it.";
  return unreadable(why, "too_large", operation, "too_large");
}

const NOT_MODIFIED = "Nothing has changed since what the arguments name: the API sends nothing again.";

/** RFC 9110, 6.4.1. */
function hasNoBody({ status, headers }: UpstreamAnswer, { method }: ApiOperation): boolean {
  return method === "HEAD" || status === 204 || status === 205 || status === 304 || headers["content-length"] === "0";
}

/**
 * The type of a body, before anything of it is read. Without one it is JSON where nothing but JSON is accepted, since then the parser
 * decides; else it is not guessed at, because guessing is how markup and scripts get through (WHATWG MIME Sniffing).
 */
function typeOf(answer: UpstreamAnswer, { operation, config }: ReadOptions): MediaType | undefined {
  const value = answer.headers["content-type"];
  if (hasNoBody(answer, operation)) return undefined;
  if (value === undefined || value === "") {
    const onlyJson = config.contentTypes.every(isJson);
    return onlyJson ? { essence: "application/json", charset: undefined } : undefined;
  }
  const type = mediaTypeOf(value);
  if (type === undefined || !isAccepted(type.essence, config.contentTypes)) {
    throw unreadable("The API's answer is of a type that this server does not read.", "content_type", operation);
  }
  return type;
}

function linkOf({ headers }: UpstreamAnswer): string | undefined {
  return headers["link"];
}

function next(
  options: ReadOptions,
  link: string | undefined,
  body: Json | undefined,
  hider: SecretHider,
): Pick<ApiAnswer, "next"> {
  const { operation, args, url, fits } = options;
  const found = nextPage({ operation, args, url, link, body, fits });
  if (found === undefined) return {};
  // A link or a cursor with our key in it leads nowhere without it.
  const written = JSON.stringify(found);
  return JSON.stringify(hider.inJson(found, written)) === written ? { next: found } : {};
}
