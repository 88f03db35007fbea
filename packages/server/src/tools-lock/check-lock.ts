import type { OfferedKind } from "../compile/offered.ts";
import { isClearName } from "../define/names.ts";
import { EFFECTS } from "../effect.ts";
import { nearest } from "../errors/nearest.ts";
import { LOCK_VERSION, type ToolsLock } from "./format.ts";

// By hand and from tables: a schema library takes four times as long as everything else about a lock of a thousand tools (measured).

/** What a value must look like, and what is said where it does not. */
interface Rule {
  readonly test: (value: unknown) => boolean;
  readonly says: string;
  readonly optional?: true;
}

const text = (form: RegExp, says: string): Rule => ({
  test: (value) => typeof value === "string" && form.test(value),
  says,
});
const hash = text(/^[\w-]{43}$/, "not a SHA-256 in base64url");
const part: Rule = { ...hash, optional: true };
// Shown to whoever reads a refusal: nothing that moves a cursor or hides.
const scope = text(/^[\x21-\x7e]{1,128}$/, "not a scope");
const effect: Rule = { test: (value) => EFFECTS.some((one) => one === value), says: `none of ${EFFECTS.join(", ")}` };
const milder: Rule = {
  test: (value) => typeof value === "string" && value.split(",").every(effect.test),
  says: "not a list of effects",
  optional: true,
};

const untrusted: Rule = { test: (value) => value === false, says: "neither false nor left out", optional: true };

const common = { scope, definition: hash, description: hash, audit: part, errors: part };
const ENTRIES: Readonly<Record<OfferedKind, Readonly<Record<string, Rule>>>> = {
  tool: {
    ...common,
    effect,
    milder,
    untrusted,
    title: part,
    input: hash,
    output: part,
    annotations: hash,
    pinned: part,
  },
  prompt: { ...common, title: part, arguments: hash },
  resource: { ...common, untrusted, uri: hash, mimeType: part },
};

const entries: Rule = { test: isRecord, says: "not an object" };
const SECTION: Readonly<Record<string, Rule>> = {
  instructions: {
    test: (value) => value === null || hash.test(value),
    says: "neither null nor a SHA-256 in base64url",
  },
  tools: entries,
  prompts: entries,
  resources: entries,
};
const optional = (rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> =>
  Object.fromEntries(Object.entries(rules).map(([key, rule]) => [key, { ...rule, optional: true as const }]));

const LOCK: Readonly<Record<string, Rule>> = {
  version: { test: (value) => value === LOCK_VERSION, says: `not ${LOCK_VERSION}` },
  server: text(/^.{1,1024}$/, "not the name of a server"),
  ...SECTION,
  allowWrite: { ...entries, optional: true },
};
const KINDS = { tools: "tool", prompts: "prompt", resources: "resource" } as const;

/** Everything that is wrong with a lock, one line each, place first. */
export function findingsIn(json: unknown): readonly string[] {
  if (!isRecord(json)) return ["not an object"];
  const findings = [...heldTo(LOCK, json, ""), ...entriesIn(json, "")];
  const { allowWrite } = json;
  if (!isRecord(allowWrite)) return findings;
  return [
    ...findings,
    ...heldTo(optional(SECTION), allowWrite, "allowWrite."),
    ...entriesIn(allowWrite, "allowWrite."),
  ];
}

/** @returns whether there is nothing to find */
export function isLock(json: unknown): json is ToolsLock {
  return findingsIn(json).length === 0;
}

function* entriesIn(section: Readonly<Record<string, unknown>>, at: string): Generator<string> {
  for (const [key, kind] of Object.entries(KINDS)) {
    const found = section[key];
    if (!isRecord(found)) continue;
    for (const [name, entry] of Object.entries(found)) {
      if (!isClearName(name)) yield `${at}${key}: not a name that a server accepts`;
      else if (!isRecord(entry)) yield `${at}${key}.${name}: not an object`;
      else yield* heldTo(ENTRIES[kind], entry, `${at}${key}.${name}.`);
    }
  }
}

function* heldTo(
  rules: Readonly<Record<string, Rule>>,
  value: Readonly<Record<string, unknown>>,
  at: string,
): Generator<string> {
  for (const key in value) if (!Object.hasOwn(rules, key)) yield unknownKey(key, rules, at);
  for (const key in rules) {
    const { test, says, optional: mayBeMissing } = rules[key] as Rule;
    if (!Object.hasOwn(value, key)) {
      if (!mayBeMissing) yield `${at}${key}: missing`;
    } else if (!test(value[key])) yield `${at}${key}: ${says}`;
  }
}

/** A key may be anything, and is shown only where it is like one of ours. */
function unknownKey(key: string, rules: Readonly<Record<string, Rule>>, at: string): string {
  const near = nearest(key, Object.keys(rules));
  const shown = /^[\w$-]{1,64}$/.test(key) ? `"${at}${key}"` : `in ${at === "" ? "the lock" : at.slice(0, -1)}`;
  return `Unknown key ${shown}.${near === undefined ? "" : ` Did you mean "${at}${near}"?`}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
