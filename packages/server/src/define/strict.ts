import type { z } from "zod";

type Node = z.core.$ZodType;
type Def = z.core.$ZodTypes["_zod"]["def"];

/**
 * Where a schema would accept what nobody declared: `[]` when it is strict at every depth.
 *
 * `z.object` drops unknown keys in silence, so a client that sends `filter` for `filters` gets an answer to a question
 * it did not ask, and `z.any` waves everything through. Each finding names the place and the remedy.
 */
export function looseParts(schema: Node): readonly string[] {
  const findings: string[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node, at: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const def = (node as z.core.$ZodTypes)._zod.def as Def;
    switch (def.type) {
      case "object":
        if (def.catchall?._zod.def.type !== "never")
          findings.push(`${at} drops or accepts unknown keys: use z.strictObject`);
        for (const [key, child] of Object.entries(def.shape)) visit(child, `${at}.${key}`);
        return;
      case "any":
      case "unknown":
        findings.push(`${at} accepts anything: declare what it holds`);
        return;
      case "array":
        visit(def.element, `${at}[]`);
        return;
      case "tuple":
        for (const [index, item] of def.items.entries()) visit(item, `${at}[${index}]`);
        if (def.rest !== null) visit(def.rest, `${at}[]`);
        return;
      case "record":
      case "map":
        visit(def.keyType, `${at}{key}`);
        visit(def.valueType, `${at}{value}`);
        return;
      case "set":
        visit(def.valueType, `${at}[]`);
        return;
      case "union":
        for (const option of def.options) visit(option, at);
        return;
      case "intersection":
        findings.push(`${at} is an intersection, which cannot be strict: spell the object out`);
        return;
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
      case "nonoptional":
      case "readonly":
      case "catch":
      case "success":
      case "promise":
        visit(def.innerType, at);
        return;
      case "pipe":
        visit(def.in, at);
        return;
      case "lazy":
        visit(def.getter(), at);
        return;
      default:
        return;
    }
  };
  visit(schema, "input");
  return findings;
}
