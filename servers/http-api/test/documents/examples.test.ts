import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { operationsOf } from "../../src/document/operations.ts";
import type { Json } from "../../src/model/json-schema.ts";
import { deref } from "../../src/schema/refs.ts";
import { isNode, own } from "../../src/schema/words.ts";
import { everything, githubText, parse } from "./documents.ts";

/**
 * GitHub's document has hundreds of examples of bodies and answers. Strictness must not cost what is right: ajv, given the document as it is, is the
 * second opinion.
 */
const { root, version } = parse(githubText());
const { operations, schemas } = operationsOf({ root, version }, "api", everything({ root, version }), {
  allowWrite: true,
  hasUploads: true,
  prefix: false,
});
const ajv = formats.default(new Ajv({ strict: false, logger: false })).addSchema({ ...root }, "document");

describe("examples of GitHub's document", () => {
  it("of bodies pass", () => {
    let count = 0;
    const refused: string[] = [];
    for (const { path, method, body, id } of operations) {
      if (body?.form !== "json") continue;
      const check = schemas.inputCheck(body.schema);
      for (const { type, value } of examplesOf(path, method, ["requestBody"])) {
        if (!type.startsWith(body.contentType)) continue;
        count++;
        if (!check(value).ok) refused.push(id);
      }
    }
    expect({ count, refused }).toEqual({ count: 125, refused: [] });
  });

  it("of answers are judged as ajv judges them", {
    timeout: 120_000,
  }, () => {
    let same = 0;
    const differs: string[] = [];
    for (const { path, method, responses, id } of operations) {
      for (const { status, content } of responses) {
        for (const { type, value, ref } of examplesOf(path, method, ["responses", status])) {
          const second = opinion(ref);
          const schema = content[type.toLowerCase()];
          if (second === undefined || schema === undefined) continue;
          if (schemas.outputCheck(schema, { undeclared: "drop" })(value).ok === second(value)) same++;
          else differs.push(id);
        }
      }
    }
    expect({ same, differs }).toEqual({ same: 298, differs: [] });
  });
});

/** Undefined where ajv refuses the schema: `nullable` without `type`, which is common. */
function opinion(ref: string): ((value: Json) => boolean) | undefined {
  try {
    const validate = ajv.compile({ $ref: `document${ref}` });
    return (value) => validate(value) === true;
  } catch {
    return undefined;
  }
}

interface Example {
  readonly type: string;
  readonly value: Json;
  /** Of its schema. */
  readonly ref: string;
}

function* examplesOf(path: string, method: string, below: readonly string[]): Generator<Example> {
  const steps = ["paths", path, method.toLowerCase(), ...below];
  let at: unknown = root;
  for (const step of steps) at = isNode(at) ? own(at, step) : undefined;
  const node = deref(root, at);
  const base =
    isNode(at) && typeof own(at, "$ref") === "string" ? String(at["$ref"]) : `#/${steps.map(escaped).join("/")}`;
  for (const [type, media] of Object.entries(
    isNode(node) && isNode(own(node, "content")) ? (own(node, "content") as object) : {},
  )) {
    const ref = `${base}/content/${escaped(type)}/schema`;
    if (own(media, "example") !== undefined) yield { type, ref, value: own(media, "example") as Json };
    for (const one of Object.values((own(media, "examples") ?? {}) as object)) {
      const example = deref(root, one);
      const value = isNode(example) ? own(example, "value") : undefined;
      if (value !== undefined) yield { type, ref, value: value as Json };
    }
  }
}

function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}
