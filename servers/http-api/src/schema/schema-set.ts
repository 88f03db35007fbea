import { seemsInstruction } from "../document/text/instructions.ts";
import { plainText } from "../document/text/plain-text.ts";
import { isReadable } from "../document/text/readable.ts";
import type { SchemaSet } from "../model/json-schema.ts";
import { createCompiler, TOO_COSTLY } from "./compile.ts";
import { createListing } from "./listed.ts";
import { mayHold } from "./may-hold.ts";
import { createPatterns } from "./patterns.ts";
import { createPlans } from "./plans.ts";
import { projected } from "./project.ts";
import { createScanner, type Scanner } from "./scan.ts";
import type { Dialect } from "./words.ts";
import { beginWork, createWork, TooMuchWork } from "./work.ts";

/** Characters of one argument's schema in a listing. */
export const LISTED_BUDGET = 16 * 1024;

export interface SchemaSetOptions {
  /** What `#/...` points into: the document, or whatever holds the schemas. */
  readonly root: unknown;
  readonly dialect: Dialect;
  /** Characters of one listed schema. Default {@link LISTED_BUDGET}. */
  readonly listedBudget?: number;
  /** Further texts that no model may read, such as those with names of other tools. Default: none but those that give orders. */
  readonly isSteering?: (text: string) => boolean;
}

/**
 * The schemas of one document, compiled when they are first asked and shared by reference: nothing is dereferenced, nothing is fetched.
 *
 * A pattern that RE2 cannot run is no condition; a format that is not known neither. A schema that does not compile lets nothing pass.
 */
export function createSchemaSet(options: SchemaSetOptions): SchemaSet & { readonly scanner: Scanner } {
  const { root, dialect } = options;
  const work = createWork();
  const patterns = createPatterns(work);
  const names = new Set<string>();
  const base = { root, dialect, patterns };
  const isSteering = once(options.isSteering ?? (() => false));
  const titles = once((text) => (isSteering(text) ? undefined : plainText(text, 128)));
  const descriptions = once((text) => (isSteering(text) ? undefined : plainText(text, 512)));

  const isShown = once(isReadable);

  /** Names are remembered as they are met: only these may show in the path of an issue. */
  function isName(name: string): boolean {
    if (name.length > MAX_NAME || !isShown(name)) return false;
    names.add(name);
    return true;
  }
  /** An API answers with what names it likes. */
  function isNameOfAnswer(name: string): boolean {
    isName(name);
    return true;
  }

  const isDeclared = (name: string) => names.has(name);
  const input = createCompiler({ ...base, side: "input", isName }, isDeclared, work);
  const output = createCompiler({ ...base, side: "output", isName: isNameOfAnswer }, isDeclared, work);

  const plansOf = (undeclared: "drop" | "keep") =>
    later(() => createPlans({ root, dialect, patterns, work, undeclared }));
  const plans = { drop: plansOf("drop"), keep: plansOf("keep") };

  return {
    scanner: createScanner(
      root,
      patterns,
      once((text) => seemsInstruction(text) || isSteering(text)),
      isShown,
    ),
    listed: createListing({
      ...base,
      isName,
      isShown,
      budget: options.listedBudget ?? LISTED_BUDGET,
      text: (text, isTitle) => (typeof text === "string" ? (isTitle ? titles : descriptions)(text) : undefined),
    }),
    inputCheck(schema) {
      const validate = later(() => input(schema, "closed"));
      return (value) => {
        const issues = validate()(value);
        return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
      };
    },
    mayHold(schema, path, { throughLists }) {
      beginWork(work);
      return mayHold(schema, path, plans.drop(), throughLists);
    },
    outputCheck(schema, { undeclared }) {
      const validate = later(() => output(schema, "plain"));
      const its = plans[undeclared];
      return (value) => {
        beginWork(work);
        const left = attempted(() => projected(value, schema, its()));
        // Nothing is shown of it: what is undeclared in it is not known.
        if (left === undefined) return { ok: false, issues: [TOO_COSTLY], value: null };
        const issues = validate()(left);
        return issues.length === 0 ? { ok: true, value: left } : { ok: false, issues, value: left };
      };
    },
  };
}

/** Longest name of a property that a caller may send. */
const MAX_NAME = 256;

/** Each text is looked at once: those of a document repeat, `Id of the record.` a thousand times. */
function once<T>(look: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const made = look(text);
    known.set(text, made);
    return made;
  };
}

/** `undefined`: it would take too much work. */
function attempted<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}

function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
