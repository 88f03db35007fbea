import { htmlToText } from "../html/to-text.ts";
import type { MediaType } from "../http/media-type.ts";
import type { ApiAnswer } from "../model/exchange.ts";
import type { Json, SchemaIssue } from "../model/json-schema.ts";
import { decodeText } from "./decode-text.ts";
import type { SecretHider } from "./hide-secrets.ts";
import { maskFields } from "./mask-fields.ts";
import { HostileJson, type ParsedJson, parseJson, withExact } from "./parse-json.ts";
import type { ReadOptions } from "./read-options.ts";
import { unreadable } from "./refusal.ts";
import { selectFields } from "./select-fields.ts";

/** Places that a note names. */
const MAX_PLACES = 3;
const MAX_PLACE = 128;

type JsonBody = Pick<ApiAnswer, "body" | "notes"> & { readonly raw: Json };

/** JSON: checked, cut to what is declared, masked, cut to what is selected, secrets hidden, in this order. */
export function jsonBody(
  bytes: Uint8Array,
  type: MediaType,
  status: number,
  options: ReadOptions,
  hider: SecretHider,
): JsonBody {
  const { config } = options;
  const text = decoded(bytes, type, false, options);
  const { value: raw, exact } = parsed(text, options);
  const notes: string[] = [];

  let value = checkedBody(raw, status, type, options, hider, notes);
  if (value !== undefined && exact !== undefined) {
    value = withExact(value, exact);
    notes.push("Whole numbers beyond 2^53 are given as text, so that no digit is lost.");
  }
  // Masked first: a selection closes up lists, and what a mask calls the second element may be the first then.
  if (value !== undefined && config.mask.length > 0) value = maskFields(value, config.mask, options.hashKey);
  if (value !== undefined && config.fields !== undefined) value = selectFields(value, config.fields);
  return {
    raw,
    ...(value === undefined ? {} : { body: hider.inJson(value, text) }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** What of a body may go on, and why it is not all of it. `undefined`: nothing. */
function checkedBody(
  raw: Json,
  status: number,
  { essence }: MediaType,
  { check, config, operation }: ReadOptions,
  hider: SecretHider,
  notes: string[],
): Json | undefined {
  const checked = check(status, essence)?.(raw);
  if (checked === undefined) return raw;
  if (checked.ok) return checked.value;
  if (config.onMismatch === "refuse") throw misfit(operation);
  notes.push(hider.inText(misfitNote(checked.issues)));
  // Never the raw body in place of the cut one: that would show what nothing declares, to any API that gets one thing wrong.
  const left = checked.value ?? (config.undeclared === "keep" ? raw : undefined);
  if (left === undefined) notes.push("It is not shown, because what is undeclared cannot be told from the rest.");
  return left;
}

/** Anything else, as text. */
export function textBody(
  bytes: Uint8Array,
  cut: boolean,
  type: MediaType,
  status: number,
  options: ReadOptions,
  hider: SecretHider,
): Pick<ApiAnswer, "text" | "notes"> {
  const whole = decoded(bytes, type, cut, options);
  const { fields, mask } = options.config;
  // Or an API would show what is masked by calling its JSON text.
  if (fields !== undefined || mask.length > 0) {
    const why = "The API's answer is text, which has no parts that could be selected or masked, and is not shown.";
    throw unreadable(why, "text", options.operation);
  }
  const notes = textNotes(whole, status, type, options);
  const html = type.essence === "text/html" || type.essence === "application/xhtml+xml";
  const shown = html
    ? htmlToText(whole, options.url === undefined ? {} : { base: options.url })
    : { text: whole, cut: false };
  const isCut = cut || shown.cut;
  if (isCut) notes.push("The text was longer than this server reads. Its end is missing.");
  const hidden = hider.inText(shown.text);
  return {
    text: isCut ? hider.withoutBegun(hidden) : hidden,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** Of a text: whether it is one. A longer or shorter one, or another word, shows nothing that is undeclared. */
const OF_TEXT: ReadonlySet<string> = new Set(["minLength", "maxLength", "pattern", "format", "enum", "const"]);

/** What does not fit of a text. There is nothing to cut in it: one that is none by its schema is not shown. */
function textNotes(text: string, status: number, { essence }: MediaType, options: ReadOptions): string[] {
  const { check, config, operation } = options;
  const checked = check(status, essence)?.(text);
  if (checked === undefined || checked.ok) return [];
  const isShown = config.undeclared === "keep" || checked.issues.every(({ rule }) => OF_TEXT.has(rule));
  if (config.onMismatch === "refuse" || !isShown) throw misfit(operation);
  return [misfitNote(checked.issues)];
}

function misfit(operation: ReadOptions["operation"]): Error {
  return unreadable("The API's answer does not fit its document.", "schema_mismatch", operation);
}

function misfitNote(issues: readonly SchemaIssue[]): string {
  return `The answer does not fit the API's document: ${placesOf(issues)}.`;
}

function decoded(bytes: Uint8Array, { charset }: MediaType, cut: boolean, { operation }: ReadOptions): string {
  const text = decodeText(bytes, charset, cut);
  // A zero byte is in no text, and in nearly every binary format that calls itself one.
  if (text === undefined || text.includes("\0")) {
    throw unreadable("The API's answer is not text, or not in the character set it names.", "charset", operation);
  }
  return text;
}

function parsed(text: string, { operation }: ReadOptions): ParsedJson {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof HostileJson)) throw error;
    throw unreadable(error.message, error.rule, operation);
  }
}

function placesOf(issues: readonly SchemaIssue[]): string {
  const places = issues
    .slice(0, MAX_PLACES)
    .map(({ path, rule }) => `${path.join(".").slice(0, MAX_PLACE) || "the whole"} (${rule})`);
  const more = issues.length - places.length;
  return more > 0 ? `${places.join(", ")} and ${more} more` : places.join(", ");
}
