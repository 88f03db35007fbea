import type { z } from "zod";
import { isGuarded } from "./guarded.ts";
import { schemaOfPart } from "./json-schema-part.ts";

type Node = z.core.$ZodType;
type Def = z.core.$ZodTypes["_zod"]["def"];

/** Deeper than any argument needs to be; a schema that makes itself anew at each step would never end. */
const MAX_DEPTH = 32;

/**
 * Where a schema would accept what nobody declared: `[]` when it is strict at every depth.
 *
 * `z.object` drops unknown keys in silence, so a client that sends `filter` for `filters` gets an answer to a question
 * it did not ask, and `z.any` waves everything through. Each finding names the place and the remedy. An output may drop
 * keys, since that is what becomes of undeclared ones; it may not let them out.
 */
export function looseParts(schema: Node, side: "input" | "output" = "input"): readonly string[] {
  const findings: string[] = [];
  const seen = new Set<Node>();
  const isInput = side === "input";
  const visit = (node: Node, at: string, depth: number): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (depth > MAX_DEPTH) {
      findings.push(`${at.slice(0, 64)}... is nested deeper than ${MAX_DEPTH}`);
      return;
    }
    const def = (node as z.core.$ZodTypes)._zod.def as Def;
    const into = (child: Node, where = at): void => visit(child, where, depth + 1);
    if (schemaOfPart(node) !== undefined) return;
    if (isInput && isGuarded(node)) findings.push(`${at} is checked by hand: an input is checked by its schema`);
    if (isInput && "coerce" in def && def.coerce === true) {
      findings.push(`${at} turns anything into a ${def.type}: accept the right type only`);
    }
    switch (def.type) {
      case "object":
        if (isLoose(def.catchall, isInput)) findings.push(`${at} drops or accepts unknown keys: use z.strictObject`);
        for (const [key, child] of Object.entries(def.shape)) into(child, `${at}.${key}`);
        return;
      case "any":
      case "unknown":
      case "custom":
      case "transform":
        findings.push(`${at} accepts anything: declare what it holds`);
        return;
      case "array":
        into(def.element, `${at}[]`);
        return;
      case "tuple":
        for (const [index, item] of def.items.entries()) into(item, `${at}[${index}]`);
        if (def.rest !== null) into(def.rest, `${at}[]`);
        return;
      case "record":
      case "map":
        into(def.keyType, `${at}{key}`);
        into(def.valueType, `${at}{value}`);
        return;
      case "set":
        into(def.valueType, `${at}[]`);
        return;
      case "union":
        for (const option of def.options) into(option);
        return;
      case "intersection":
        findings.push(`${at} is an intersection, which cannot be strict: spell the object out`);
        return;
      case "catch":
        if (isInput) findings.push(`${at} puts another value for a wrong one: refuse it`);
        into(def.innerType);
        return;
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
      case "nonoptional":
      case "readonly":
      case "success":
      case "promise":
        into(def.innerType);
        return;
      case "pipe":
        into(checkedEnd(def, isInput));
        return;
      case "lazy":
        into(def.getter());
        return;
      default:
        return;
    }
  };
  visit(schema, side, 0);
  return findings;
}

function isLoose(catchall: Node | undefined, isInput: boolean): boolean {
  if (catchall === undefined) return isInput;
  return (catchall as z.core.$ZodTypes)._zod.def.type !== "never";
}

/** The end of a pipe that meets the value first, or last; a preprocessor checks nothing, so what follows it has to. */
function checkedEnd(def: z.core.$ZodPipeDef, isInput: boolean): Node {
  const first = def.in as z.core.$ZodTypes;
  return isInput && first._zod.def.type !== "transform" ? first : def.out;
}
