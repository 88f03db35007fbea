import { hash } from "node:crypto";
import type { ApiOperation } from "../model/operation.ts";
import type { Scanner } from "../schema/scan.ts";
import { isNode, type SchemaNode } from "../schema/words.ts";

type Unpinned = Omit<ApiOperation, "pinned">;

/**
 * Digests operations. What a listing does not say, and yet decides what a tool does and lets out, is in the digest: a document that changes
 * under a locked tool shows. Schemas that are shared are digested once.
 */
export function createPins(scanner: Scanner): (operation: Unpinned) => string {
  const digests = new WeakMap<SchemaNode, string>();

  function digestOf(node: SchemaNode): string {
    const known = digests.get(node);
    if (known !== undefined) return known;
    const made = hash("sha256", canonical(node), "base64url");
    digests.set(node, made);
    return made;
  }

  function schemaPin(schema: unknown): unknown {
    if (typeof schema !== "object") return schema;
    return scanner.reachable(schema).map(digestOf);
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
function canonical(node: SchemaNode): string {
  return JSON.stringify(node, (_key, part: unknown) => {
    if (!isNode(part)) return part;
    const sorted: Record<string, unknown> = {};
    for (const key of Object.keys(part).sort()) sorted[key] = part[key];
    return sorted;
  });
}
