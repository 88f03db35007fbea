import type { Json } from "../model/json-schema.ts";
import type { ApiOperation, ApiParameter } from "../model/operation.ts";
import { linkedPage } from "./linked-page.ts";
import type { PageSources } from "./page-sources.ts";

/** Characters of a cursor. */
const MAX_CURSOR = 2048;

type NextArgs = Readonly<Record<string, Json>>;

/**
 * Arguments that ask for the next page; `undefined` where there is none, none that can be told, or only one that would be refused.
 *
 * No address of an answer is ever followed: all that comes of it are values of declared arguments, which go through the schema again
 * when they are sent.
 */
export function nextPage(sources: PageSources): NextArgs | undefined {
  const { fits = () => true } = sources;
  const next = found(sources);
  return next === undefined || Object.entries(next).every(([argument, value]) => fits(argument, value))
    ? next
    : undefined;
}

function found(sources: PageSources): NextArgs | undefined {
  const { pagination } = sources.operation;
  if (pagination === undefined) return undefined;
  if (pagination.type === "link") return linkedPage(sources);
  if (pagination.type === "cursor") return cursor(pagination.from, pagination.argument, sources);
  return numbered(pagination, sources);
}

function cursor(
  from: readonly string[],
  argument: string,
  { operation, body, args }: PageSources,
): NextArgs | undefined {
  let value = body;
  for (const key of from) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as { readonly [key: string]: Json })[key];
  }
  // What an API counts it may ask for as text.
  if (typeof value === "number" && isText(argument, operation)) value = String(value);
  const usable = typeof value === "number" || (typeof value === "string" && value !== "" && value.length <= MAX_CURSOR);
  // The same cursor again would be a page that never ends.
  return usable && value !== undefined && value !== args[argument] ? { [argument]: value } : undefined;
}

function numbered(
  {
    type,
    argument,
    sizeArgument,
  }: { readonly type: "page" | "offset"; readonly argument: string; readonly sizeArgument?: string },
  { operation, args, body }: PageSources,
): NextArgs | undefined {
  const count = countOf(body);
  const size = sizeArgument === undefined ? undefined : numberOf(sizeArgument, args, operation);
  // Fewer than were asked for are the last ones.
  if (count === undefined || count === 0 || (size !== undefined && count < size)) return undefined;
  const now = numberOf(argument, args, operation) ?? (type === "page" ? 1 : 0);
  const next = now + (type === "page" ? 1 : (size ?? count));
  return Number.isSafeInteger(next) ? { [argument]: next } : undefined;
}

/** Elements of the page: those of a list, or of the only list in an object. */
function countOf(body: Json | undefined): number | undefined {
  if (Array.isArray(body)) return body.length;
  if (body === undefined || body === null || typeof body !== "object") return undefined;
  const lists = Object.values(body).filter((member) => Array.isArray(member));
  return lists.length === 1 ? lists[0]?.length : undefined;
}

function numberOf(argument: string, args: NextArgs, { parameters }: ApiOperation): number | undefined {
  const given = Object.hasOwn(args, argument) ? args[argument] : undefined;
  const value = given ?? defaultOf(parameters.find((parameter) => parameter.argument === argument));
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

function isText(argument: string, { parameters }: ApiOperation): boolean {
  const schema = parameters.find((parameter) => parameter.argument === argument)?.schema;
  return typeof schema === "object" && schema["type"] === "string";
}

function defaultOf(parameter: ApiParameter | undefined): unknown {
  return typeof parameter?.schema === "object" ? parameter.schema["default"] : undefined;
}
