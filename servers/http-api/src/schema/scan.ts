import { type Component, createComponents, createFold } from "./components.ts";
import { forEachInner, TYPES } from "./keywords.ts";
import type { Pattern } from "./patterns.ts";
import { isLocal, lookUp, onlyRef } from "./refs.ts";
import { isNode, isSchema, own, type SchemaNode } from "./words.ts";

/** Why a schema cannot be used. */
export interface SchemaProblem {
  readonly reason: "remote_ref" | "unresolved_ref" | "bad_schema";
  /** In our words. */
  readonly message: string;
}

/** A reference as it is written, and where it leads. */
export type Reference = readonly [ref: string, target: SchemaNode];

/** What is known of a schema without following its references. */
interface Local {
  readonly refs: readonly Reference[];
  readonly targets: readonly SchemaNode[];
  readonly problem: SchemaProblem | undefined;
  readonly hasBadPattern: boolean;
}

export interface Scanner {
  /** The first problem of a schema and of all that it refers to. */
  problemOf(schema: unknown): SchemaProblem | undefined;
  /** Whether a pattern of it needs backtracking, and is not held against anything. */
  hasBadPattern(schema: unknown): boolean;
  /** Whether a text, a name or a choice in it is one that no model may read. */
  hasSteeringText(schema: unknown): boolean;
  /** References of the schema itself. */
  refsOf(node: SchemaNode): readonly Reference[];
  componentOf(node: SchemaNode): Component;
}

/**
 * Looks through schemas before anything is compiled, each part once however often it is referred to: a document of 1,000 operations is looked
 * through in milliseconds, where compiling it takes seconds.
 */
export function createScanner(
  root: unknown,
  patterns: (source: string) => Pattern | undefined,
  isSteering: (text: string) => boolean,
  isShown: (name: string) => boolean,
): Scanner {
  const locals = new WeakMap<SchemaNode, Local>();

  function localOf(node: SchemaNode): Local {
    const known = locals.get(node);
    if (known !== undefined) return known;
    const made = lookAt(root, node, patterns);
    locals.set(node, made);
    return made;
  }

  const componentOf = createComponents((node) => localOf(node).targets);
  const problemIn = createFold<SchemaProblem | undefined>(({ members, children }, below) => {
    const own = members.map((node) => localOf(node).problem).find((one) => one !== undefined);
    return own ?? children.map(below).find((one) => one !== undefined);
  });
  const hasBadPatternIn = createFold<boolean>(
    ({ members, children }, below) => members.some((node) => localOf(node).hasBadPattern) || children.some(below),
  );
  const isSteeringIn = createFold<boolean>(
    ({ members, children }, below) =>
      members.some((node) => hasText(node, isSteering, isShown)) || children.some(below),
  );

  return {
    problemOf: byReference((schema) => {
      if (!isSchema(schema)) return bad("is no schema");
      return isNode(schema) ? problemIn(componentOf(schema)) : undefined;
    }),
    hasBadPattern: byReference((schema) => isNode(schema) && hasBadPatternIn(componentOf(schema))),
    hasSteeringText: byReference((schema) => isNode(schema) && isSteeringIn(componentOf(schema))),
    refsOf: (node) => localOf(node).refs,
    componentOf,
  };
}

/** A schema that is a reference and nothing else is looked through once, wherever it stands. */
function byReference<T>(look: (schema: unknown) => T): (schema: unknown) => T {
  const known = new Map<string, { readonly found: T }>();
  return (schema) => {
    const ref = isNode(schema) ? onlyRef(schema) : undefined;
    if (ref === undefined) return look(schema);
    const one = known.get(ref) ?? { found: look(schema) };
    known.set(ref, one);
    return one.found;
  };
}

function hasText(node: SchemaNode, isSteering: (text: string) => boolean, isShown: (name: string) => boolean): boolean {
  const texts = [own(node, "title"), own(node, "description")];
  if (texts.some((text) => typeof text === "string" && isSteering(text))) return true;
  if (!namesIn(node).every(isShown)) return true;
  let found = false;
  forEachInner(node, (inner) => {
    found ||= isNode(inner) && hasText(inner, isSteering, isShown);
  });
  return found;
}

/** Names and choices that a listing would show. */
function namesIn(node: SchemaNode): readonly string[] {
  const names: string[] = [];
  for (const keyword of NAMING) {
    const value = own(node, keyword);
    if (isNode(value)) names.push(...Object.keys(value));
  }
  const choices = own(node, "enum");
  if (Array.isArray(choices)) for (const one of choices) if (typeof one === "string") names.push(one);
  return names;
}

const NAMING = ["properties", "patternProperties", "dependentSchemas"] as const;

function bad(message: string): SchemaProblem {
  return { reason: "bad_schema", message: `A schema of it ${message}.` };
}

function lookAt(root: unknown, node: SchemaNode, patterns: (source: string) => Pattern | undefined): Local {
  const refs: Reference[] = [];
  let problem: SchemaProblem | undefined;
  let hasBadPattern = false;

  function look(at: SchemaNode): void {
    const ref = own(at, "$ref");
    if (ref !== undefined) lookAtRef(ref);
    if (own(at, "$dynamicRef") !== undefined) problem ??= bad("uses $dynamicRef, which is not supported");
    if (!isType(own(at, "type"))) problem ??= bad("has a type that JSON does not have");
    const pattern = own(at, "pattern");
    if (typeof pattern === "string" && patterns(pattern) === undefined) hasBadPattern = true;
    const keys = own(at, "patternProperties");
    if (isNode(keys)) for (const source of Object.keys(keys)) hasBadPattern ||= patterns(source) === undefined;
    forEachInner(at, (inner, keyword) => {
      if (!isSchema(inner)) problem ??= bad(`has something else than a schema under ${keyword}`);
      else if (isNode(inner)) look(inner);
    });
  }

  function lookAtRef(ref: unknown): void {
    const target = typeof ref === "string" ? lookUp(root, ref) : undefined;
    if (typeof ref === "string" && !isLocal(ref)) {
      problem ??= {
        reason: "remote_ref",
        message: "A $ref of it leads out of the document. Put what it refers to into the document.",
      };
    } else if (isNode(target)) refs.push([String(ref), target]);
    else if (typeof target !== "boolean") {
      problem ??= { reason: "unresolved_ref", message: "A $ref of it leads nowhere." };
    }
  }

  look(node);
  return { refs, targets: refs.map(([, target]) => target), problem, hasBadPattern };
}

function isType(type: unknown): boolean {
  if (type === undefined || type === "file") return true;
  return Array.isArray(type) ? type.length > 0 && type.every((one) => TYPES.has(one)) : TYPES.has(type);
}
