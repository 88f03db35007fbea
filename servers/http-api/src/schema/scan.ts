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

/** What is known of a schema without following its references. */
interface Local {
  readonly targets: readonly SchemaNode[];
  readonly problem: SchemaProblem | undefined;
  readonly badPatterns: number;
}

export interface Scanner {
  /** The first problem of a schema and of all that it refers to. */
  problemOf(schema: unknown): SchemaProblem | undefined;
  /** How many of its patterns need backtracking, and are not held against anything. */
  badPatternsOf(schema: unknown): number;
  /** Whether a title or a description in it is one that no model may read. */
  hasSteeringText(schema: unknown): boolean;
  /** Every schema that it refers to, itself first, in a fixed order. */
  reachable(schema: unknown): readonly SchemaNode[];
}

/**
 * Looks through schemas before anything is compiled, each part once however often it is referred to: a document of 1,000 operations is looked
 * through in milliseconds, where compiling it takes seconds.
 */
export function createScanner(
  root: unknown,
  patterns: (source: string) => Pattern | undefined,
  isSteering: (text: string) => boolean,
): Scanner {
  const locals = new WeakMap<SchemaNode, Local>();
  const steering = new WeakMap<SchemaNode, boolean>();
  const clean = new WeakSet<SchemaNode>();
  const cleanRefs = new Set<string>();

  function localOf(node: SchemaNode): Local {
    const known = locals.get(node);
    if (known !== undefined) return known;
    const made = lookAt(root, node, patterns);
    locals.set(node, made);
    return made;
  }

  function* walk(schema: unknown, skip: (node: SchemaNode) => boolean): Generator<SchemaNode> {
    if (!isNode(schema)) return;
    const seen = new Set<SchemaNode>([schema]);
    // A set gives back what is added while it is read.
    for (const node of seen) {
      if (skip(node)) continue;
      yield node;
      for (const target of localOf(node).targets) seen.add(target);
    }
  }

  return {
    problemOf(schema) {
      if (!isSchema(schema)) return bad("is no schema");
      const ref = isNode(schema) ? onlyRef(schema) : undefined;
      if (ref !== undefined && cleanRefs.has(ref)) return undefined;
      const visited: SchemaNode[] = [];
      for (const node of walk(schema, (one) => clean.has(one))) {
        const { problem } = localOf(node);
        if (problem !== undefined) return problem;
        visited.push(node);
      }
      for (const node of visited) clean.add(node);
      if (ref !== undefined) cleanRefs.add(ref);
      return undefined;
    },
    badPatternsOf(schema) {
      let count = 0;
      for (const node of walk(schema, () => false)) count += localOf(node).badPatterns;
      return count;
    },
    hasSteeringText(schema) {
      for (const node of walk(schema, () => false)) {
        const known = steering.get(node) ?? hasText(node, isSteering);
        steering.set(node, known);
        if (known) return true;
      }
      return false;
    },
    reachable: (schema) => [...walk(schema, () => false)],
  };
}

function hasText(node: SchemaNode, isSteering: (text: string) => boolean): boolean {
  const texts = [own(node, "title"), own(node, "description")];
  if (texts.some((text) => typeof text === "string" && isSteering(text))) return true;
  let found = false;
  forEachInner(node, (inner) => {
    found ||= isNode(inner) && hasText(inner, isSteering);
  });
  return found;
}

function bad(message: string): SchemaProblem {
  return { reason: "bad_schema", message: `A schema of it ${message}.` };
}

function lookAt(root: unknown, node: SchemaNode, patterns: (source: string) => Pattern | undefined): Local {
  const targets: SchemaNode[] = [];
  let problem: SchemaProblem | undefined;
  let badPatterns = 0;

  function look(at: SchemaNode): void {
    const ref = own(at, "$ref");
    if (ref !== undefined) lookAtRef(ref);
    if (own(at, "$dynamicRef") !== undefined) problem ??= bad("uses $dynamicRef, which is not supported");
    if (!isType(own(at, "type"))) problem ??= bad("has a type that JSON does not have");
    const pattern = own(at, "pattern");
    if (typeof pattern === "string" && patterns(pattern) === undefined) badPatterns++;
    const keys = own(at, "patternProperties");
    if (isNode(keys)) for (const source of Object.keys(keys)) if (patterns(source) === undefined) badPatterns++;
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
    } else if (isNode(target)) targets.push(target);
    else if (typeof target !== "boolean") {
      problem ??= { reason: "unresolved_ref", message: "A $ref of it leads nowhere." };
    }
  }

  look(node);
  return { targets, problem, badPatterns };
}

function isType(type: unknown): boolean {
  if (type === undefined || type === "file") return true;
  return Array.isArray(type) ? type.length > 0 && type.every((one) => TYPES.has(one)) : TYPES.has(type);
}
