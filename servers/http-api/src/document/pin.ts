import { hash } from "node:crypto";
import type { ApiOperation } from "../model/operation.ts";
import { createFold } from "../schema/components.ts";
import { onlyRef } from "../schema/refs.ts";
import type { Scanner } from "../schema/scan.ts";
import { isNode, type SchemaNode } from "../schema/words.ts";

/** Of SHA-256 as base64url. */
const DIGEST_LENGTH = 43;

type Unpinned = Omit<ApiOperation, "pinned">;

/**
 * Digests operations. What a listing does not say, and yet decides what a tool does and lets out, is in the digest: a document that changes
 * under a locked tool shows. Schemas that are shared are digested once.
 */
export function createPins(scanner: Scanner): (operation: Unpinned) => string {
  const digests = new WeakMap<SchemaNode, string>();
  const referred = new Map<string, string>();

  function digestOf(node: SchemaNode): string {
    const known = digests.get(node);
    if (known !== undefined) return known;
    const text = canonical(node);
    // What is no longer than its digest stands for itself; a digest begins with no brace.
    const made = text.length <= DIGEST_LENGTH ? text : hash("sha256", text, "base64url");
    digests.set(node, made);
    return made;
  }

  /** Each reference by its text and by what it leads to: two definitions that change places are another document. */
  const belowOf = createFold<string>((component, below) => {
    const lines = component.members.flatMap((node) =>
      scanner.refsOf(node).map(([ref, target]) => {
        const its = scanner.componentOf(target);
        return `${ref} ${digestOf(target)} ${its === component ? "" : below(its)}`;
      }),
    );
    return lines.length === 0 ? "" : hash("sha256", [...new Set(lines)].sort().join("\n"), "base64url");
  });

  function schemaPin(schema: unknown): unknown {
    if (!isNode(schema)) return schema;
    const ref = onlyRef(schema);
    const known = ref === undefined ? undefined : referred.get(ref);
    if (known !== undefined) return known;
    const own = digestOf(schema);
    const others = belowOf(scanner.componentOf(schema));
    const made = others === "" ? own : hash("sha256", `${own}\n${others}`, "base64url");
    if (ref !== undefined) referred.set(ref, made);
    return made;
  }

  return ({ method, path, parameters, body, responses, pagination, idempotencyHeader, deadlineMs, slashes }) =>
    hash(
      "sha256",
      JSON.stringify([
        method,
        path,
        parameters.map((one) => [
          one.argument,
          one.name,
          one.in,
          one.required,
          one.style,
          one.explode,
          one.allowReserved,
          one.asJson,
          schemaPin(one.schema),
        ]),
        body === undefined
          ? null
          : [
              body.argument,
              body.required,
              body.form,
              body.contentType,
              schemaPin(body.schema),
              body.files,
              body.encoding,
            ],
        responses.map(({ status, content }) => [
          status,
          Object.entries(content).map(([type, schema]) => [type, schemaPin(schema)]),
        ]),
        pagination ?? null,
        idempotencyHeader ?? null,
        deadlineMs ?? null,
        slashes,
      ]),
      "base64url",
    );
}

/** Equal texts for equal schemas: a document written out anew, in another order of keys, is no other document. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isNode(value)) return JSON.stringify(value);
  // By hand: a replacer that sorts each object into a new one takes twice as long (measured).
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join()}}`;
}
