import { randomUUID } from "node:crypto";
import { CallError } from "@hardened-mcp/server";
import type { Json } from "../model/json-schema.ts";
import type { ApiOperation, ApiParameter } from "../model/operation.ts";
import { argumentOf } from "./argument-of.ts";
import { joined } from "./expand-path.ts";
import { flatten } from "./flatten.ts";
import { refuseArgument } from "./refuse-argument.ts";
import { headerKey, isForbiddenHeader, reservedHeader } from "./reserved-names.ts";

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, 5.5: field-content, without obs-text; a blank at either end would not arrive. */
const FIELD_CONTENT = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;
/** Characters of one value, and of all that arguments become. Common servers take 8 KiB for a line, 16 KiB for a head. */
const [MAX_VALUE, MAX_HEAD] = [4096, 12 * 1024];

export interface HeaderSources {
  /** Of the configuration. They win, so that no argument changes what an operator has set. */
  readonly configured: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  /** Names, lower case, that a credential is sent under. */
  readonly reserved: readonly string[];
}

/**
 * Headers of a request, names in lower case.
 *
 * @throws {CallError} `invalid_input` a value that is no field content; `internal` a name that must not be sent
 */
export function writeHeaders(
  operation: ApiOperation,
  args: Readonly<Record<string, Json>>,
  sources: HeaderSources,
): Record<string, string> {
  const headers: Record<string, string> = { accept: acceptOf(operation) };
  let room = MAX_HEAD;
  for (const parameter of operation.parameters) {
    if (parameter.in !== "header") continue;
    const value = writeValue(parameter, argumentOf(args, parameter.argument));
    if (value === undefined) continue;
    const name = nameOf(parameter, sources.reserved);
    room -= name.length + value.length;
    if (value.length > MAX_VALUE || room < 0)
      refuseArgument(parameter.argument, "is too long for a header.", "header_size");
    headers[name] = value;
  }
  if (operation.idempotencyHeader !== undefined) headers[operation.idempotencyHeader.toLowerCase()] = randomUUID();
  for (const [name, value] of Object.entries(sources.configured)) {
    if (isForbiddenHeader(name) || !TOKEN.test(name) || !FIELD_CONTENT.test(value)) wrongName("A configured header");
    headers[name.toLowerCase()] = value;
  }
  if (sources.contentType !== undefined) headers["content-type"] = sources.contentType;
  return headers;
}

function writeValue(parameter: ApiParameter, value: Json | undefined): string | undefined {
  const { argument, explode, required, asJson } = parameter;
  const flat = value === undefined ? undefined : flatten(asJson ? JSON.stringify(value) : value, argument);
  if (flat === undefined) {
    if (required) refuseArgument(argument, "has no value.", "missing");
    return undefined;
  }
  // Header values are not percent-encoded (OpenAPI 3.1, appendix D), so what separates elements must not be in one.
  const parts = flat.kind === "one" ? [] : flat.kind === "list" ? flat.items : flat.entries.flat();
  if (parts.some((part) => part.includes(",")))
    refuseArgument(argument, "holds the character that separates its elements.", "delimiter");
  const text = joined(flat, explode, ",", (part) => part);
  if (!FIELD_CONTENT.test(text)) {
    refuseArgument(
      argument,
      "holds a character that a header cannot carry, or begins or ends with a blank.",
      "header_value",
    );
  }
  return text;
}

function nameOf({ name }: ApiParameter, reserved: readonly string[]): string {
  const isTaken = reserved.some((other) => headerKey(other) === headerKey(name));
  if (!TOKEN.test(name) || isTaken || reservedHeader(name) !== undefined) wrongName("A header parameter");
  return name.toLowerCase();
}

/** The operation or the configuration is wrong, not the call. */
function wrongName(what: string): never {
  throw new CallError("internal", undefined, {
    detail: `${what} has a name or value that is not sent.`,
    rule: "request/header",
  });
}

const accepts = new WeakMap<ApiOperation, string>();
/** What is read of an answer without a declared type; the list of accepted types decides when it comes. */
const ANY_TEXT = "application/json, text/*;q=0.8, */*;q=0.1";

/** Success types that the operation declares. An API with several representations picks by this. */
function acceptOf(operation: ApiOperation): string {
  const known = accepts.get(operation);
  if (known !== undefined) return known;
  const types = operation.responses
    .filter(({ status }) => /^(?:2|default)/.test(status))
    .flatMap(({ content }) => Object.keys(content));
  const sendable = [...new Set(types)].filter((type) => /^[!#$%&'*+.^_`|~0-9A-Za-z/-]{1,128}$/.test(type)).slice(0, 8);
  const accept = sendable.length === 0 ? ANY_TEXT : sendable.join(", ");
  accepts.set(operation, accept);
  return accept;
}
