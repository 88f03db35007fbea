import { createShapesDetector } from "./anchored.ts";
import { lookTogether } from "./clean.ts";
import { DEEP_KINDS, mapStrings } from "./deep.ts";
import { cleanHidden, type HiddenPolicy, stripHidden } from "./hidden/clean-hidden.ts";
import { mayHideSomething } from "./hidden/find-hidden.ts";
import { PERSONAL_DETECTORS } from "./personal/detectors.ts";
import { PERSONAL_KINDS, type PersonalKind } from "./personal/personal-kinds.ts";
import { findMarks, markOf, replaceSpans } from "./replace.ts";
import { SECRET_SHAPES } from "./secrets/shapes.ts";
import { createValueDetector, VALUE_KIND } from "./secrets/values.ts";
import type { Span } from "./span.ts";

export interface RedactorOptions {
  readonly secrets?: {
    /** Secrets known by value, at least six characters each. */
    readonly values?: readonly string[];
    /** Whether to look for secrets by their well-known shapes. Default: `true`. */
    readonly shapes?: boolean;
  };
  /** Kinds of personal data to redact. Default: none, since a tool for addresses must be able to show addresses. */
  readonly personal?: readonly PersonalKind[];
  /** Default: `"escape"`. */
  readonly hidden?: HiddenPolicy;
}

/** Takes out of texts and values what must not leave. */
export interface Redactor {
  /** Returns `text` itself when there is nothing to change. */
  text(text: string): string;
  /**
   * Every string and key of a JSON value; unchanged parts are the same objects. Numbers are not looked at. Parts nested
   * more than 128 deep become `"[redacted:too_deep]"`, references to an enclosing object `"[redacted:circular]"`.
   */
  value<T>(json: T): T;
  /**
   * Whether the JSON text of a value shows that there is nothing to redact in it, at a third of the price of `value`. `false`
   * may also mean that the text cannot tell: then ask `value`. Depth is not looked at.
   */
  isCleanJson(json: string): boolean;
  /**
   * One more secret known by value, such as a token just received.
   *
   * @throws {RangeError} shorter than six characters, or a part of the marks that replace secrets
   */
  addSecret(value: string): void;
}

/** A misspelt option would switch redaction off in silence, and TypeScript does not see objects that come from elsewhere. */
function refuseUnknown<T extends object>(what: string, options: T, known: readonly (keyof T & string)[]): void {
  const unknown = Object.keys(options).find((key) => !(known as readonly string[]).includes(key));
  if (unknown !== undefined) throw new RangeError(`${what} has no option "${unknown}"; it has ${known.join(", ")}`);
}

/** Redaction may bring together what stood apart; each further look ends early unless it did. */
const MAX_PASSES = 8;

/**
 * @throws {RangeError} a secret value as in {@link Redactor.addSecret}, an unknown kind of personal data or an unknown
 * policy: a typo must not switch redaction off
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  refuseUnknown("createRedactor", options, ["secrets", "personal", "hidden"]);
  refuseUnknown("secrets", options.secrets ?? {}, ["values", "shapes"]);
  const { secrets = {}, personal = [], hidden = "escape" } = options;
  if (!["escape", "remove", "keep"].includes(hidden)) throw new RangeError("hidden must be escape, remove or keep");
  if (!personal.every((kind) => PERSONAL_KINDS.includes(kind))) {
    throw new RangeError(`personal must be among ${PERSONAL_KINDS.join(", ")}`);
  }

  const shapes = secrets.shapes === false ? [] : SECRET_SHAPES;
  const values = createValueDetector([...SECRET_SHAPES.map(({ id }) => id), ...PERSONAL_KINDS, ...DEEP_KINDS]);
  for (const value of secrets.values ?? []) values.add(value);
  const detectors = [
    values,
    createShapesDetector(shapes),
    ...[...new Set(personal)].map((kind) => PERSONAL_DETECTORS[kind]()),
  ];

  function find(text: string): Span[] {
    const found: Span[] = [];
    for (const detector of detectors) detector.find(text, found);
    if (found.length > 0) findMarks(text, found);
    return found;
  }

  /** Looks again until nothing is left to find. */
  function redactVisible(text: string): string {
    let current = text;
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const next = replaceSpans(current, find(current));
      if (next === current) return current;
      current = next;
    }
    return values.hits(current) ? markOf(VALUE_KIND) : current;
  }

  /** A secret with an invisible character inside is still a secret to whoever removes the character. */
  function redactHidden(text: string): string {
    const stripped = stripHidden(text);
    const found = find(stripped.text).map(stripped.toOriginal);
    return cleanHidden(replaceSpans(text, found), hidden);
  }

  function redactText(text: string): string {
    return redactVisible(mayHideSomething(text) ? redactHidden(text) : text);
  }

  /** Certain where it says yes: then `redactText` returns the text itself, and each of its parts. */
  function isClean(text: string): boolean {
    return !mayHideSomething(text) && find(text).length === 0;
  }

  function redactValue(json: unknown): unknown {
    const look = lookTogether(json, isClean);
    if (look === undefined) return mapStrings(json, redactText);
    if (look.all) return json;
    return mapStrings(json, (text) => (look.clean.has(text) ? text : redactText(text)));
  }

  return {
    text: redactText,
    // The shape of the value is kept but for the documented marks.
    value: <T>(json: T) => redactValue(json) as T,
    // Without an escape every string stands in the text as it is, between quotes, which separate as well as newlines do.
    isCleanJson: (json) => !json.includes("\\") && isClean(json),
    addSecret: values.add,
  };
}
