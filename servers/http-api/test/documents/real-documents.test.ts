import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { findHidden } from "@hardened-mcp/redact";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { operationsOf } from "../../src/document/operations.ts";
import type { JsonSchema } from "../../src/model/json-schema.ts";
import type { LeftOut } from "../../src/model/operation.ts";
import { everything, exampleFiles, githubText, parse, textOf } from "./documents.ts";

interface Case {
  readonly name: string;
  readonly text: () => string;
  /** Operations of the document, and tools of them. */
  readonly tools: number;
  readonly leftOut: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  {
    name: "GitHub",
    text: githubText,
    tools: 705,
    leftOut: { "operation other_server": 1, "part other_body_form": 1 },
  },
  {
    name: "GitBook",
    text: () => textOf("@gitbook/api", "spec/openapi.yaml"),
    tools: 377,
    leftOut: { "part description": 1, "part pattern": 4 },
  },
  {
    name: "Directus",
    text: () => textOf("@directus/specs", "dist/openapi.json"),
    tools: 136,
    leftOut: { "part no_uploads": 2, "part other_body_form": 3 },
  },
  {
    name: "Blockfrost",
    text: () => textOf("@blockfrost/openapi", "openapi.yaml"),
    tools: 121,
    leftOut: { "operation no_uploads": 2, "operation other_server": 6, "part reserved_header": 1 },
  },
  { name: "Figma", text: () => textOf("@figma/rest-api-spec", "openapi/openapi.yaml"), tools: 54, leftOut: {} },
  { name: "Star Trek", text: () => textOf("@readme/oas-examples", "3.0/json/star-trek.json"), tools: 120, leftOut: {} },
  {
    name: "ReadMe",
    text: () => textOf("@readme/oas-examples", "3.1/yaml/readme.yaml"),
    tools: 54,
    leftOut: { "part reserved_header": 1 },
  },
  {
    name: "Train Travel",
    text: () => textOf("@readme/oas-examples", "3.1/yaml/train-travel.yaml"),
    tools: 7,
    leftOut: { "part other_body_form": 1 },
  },
  {
    name: "Galaxy",
    text: () => textOf("@scalar/galaxy", "dist/3.1.yaml"),
    tools: 9,
    leftOut: { "operation bad_schema": 1, "part no_uploads": 1, "part other_body_form": 4 },
  },
];

describe.each(CASES)("$name at its full size", ({ text, tools, leftOut }) => {
  it("becomes valid tools, or a report of what was left out", { timeout: 300_000 }, () => {
    const found = mapWhole(text());
    expect({ tools: found.tools, leftOut: found.leftOut }).toEqual({ tools, leftOut });
    expect(found.faults).toEqual([]);
  });
});

describe("a document in JSON and in YAML", () => {
  it("comes to the same tools, each pinned to the same", { timeout: 60_000 }, () => {
    // Not the package's own JSON: what made it read `13500_1500` as YAML 1.1 does, as a number.
    const yaml = parse(textOf("@gitbook/api", "spec/openapi.yaml"));
    const json = parse(JSON.stringify(yaml.root));
    expect(yaml.root).toMatchObject({
      components: { schemas: { BillingCreditsBundle: { enum: expect.arrayContaining(["13500_1500"]) } } },
    });
    const [one, other] = [yaml, json].map((document) =>
      operationsOf(document, "api", everything(document), { allowWrite: true, hasUploads: true, prefix: false }),
    );
    expect(one?.operations.length).toBe(377);
    expect(one?.operations).toEqual(other?.operations);
  });
});

describe("the small documents of @readme/oas-examples", () => {
  it("become valid tools too, or a report", { timeout: 300_000 }, async () => {
    const files = await exampleFiles();
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const { faults } = mapWhole(readFileSync(file, "utf8"));
      expect(faults, basename(file)).toEqual([]);
    }
  });
});

const CLEAR_NAME = /^[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*$/;
const meta = new Ajv2020({ strict: false, validateFormats: false, logger: false });

/** Maps every operation of a document, reading and writing, and looks at all that a model or a caller would meet. */
function mapWhole(text: string) {
  const document = parse(text);
  const { operations, leftOut, schemas } = operationsOf(document, "api", everything(document), {
    allowWrite: true,
    hasUploads: false,
    prefix: false,
  });
  const faults: string[] = [];
  const names = new Set<string>();
  // The same words compile to the same check: a large document says the same error and the same id hundreds of times.
  const compiles = once((schema) => !isUncheckable(schemas.outputCheck(schema, { undeclared: "drop" })({})));
  const compilesAsInput = once((schema) => !isUncheckable(schemas.inputCheck(schema)({})));
  const isValid = once((listed) => meta.validateSchema(listed) === true);
  for (const operation of operations) {
    const say = (what: string) => faults.push(`${operation.id}: ${what}`);
    if (!CLEAR_NAME.test(operation.tool) || operation.tool.length > 64 || names.has(operation.tool)) say("name");
    names.add(operation.tool);
    if (operation.description.trim() === "" || operation.description.length > 1024) say("description");
    lint(operation.description, say);
    lint(operation.title, say);
    const inputs = [...operation.parameters, ...(operation.body === undefined ? [] : [operation.body])];
    const argumentNames = inputs.map(({ argument }) => argument);
    if (new Set(argumentNames).size < argumentNames.length) say("arguments");
    for (const { argument, schema, description } of inputs) {
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(argument)) say(`argument ${argument}`);
      lint(description, say);
      const listed = schemas.listed(schema);
      if (!isValid(listed)) say(`listed schema of ${argument} is not one`);
      if (JSON.stringify(listed).length > 20 * 1024) say(`listed schema of ${argument} is long`);
      if (JSON.stringify(listed).includes('"$ref":"')) say(`a reference in the listed schema of ${argument}`);
      lint(listed, say);
      for (const open of openParts(listed)) say(`${argument} is open at ${open}`);
      if (!compilesAsInput(schema)) say(`the check of ${argument} does not compile`);
    }
    for (const { content } of operation.responses) {
      for (const schema of Object.values(content)) {
        if (schema !== undefined && !compiles(schema)) say("the check of an answer does not compile");
      }
    }
  }
  return { tools: operations.length, leftOut: counted(leftOut), faults };
}

/** Asks once of each schema, by its words. */
function once(ask: (schema: JsonSchema) => boolean): (schema: JsonSchema) => boolean {
  const known = new Map<string, boolean>();
  return (schema) => {
    const words = JSON.stringify(schema);
    const answer = known.get(words) ?? ask(schema);
    known.set(words, answer);
    return answer;
  };
}

function isUncheckable(checked: {
  readonly ok: boolean;
  readonly issues?: readonly { readonly rule: string }[];
}): boolean {
  return checked.issues?.some(({ rule }) => rule === "schema") ?? false;
}

/** As the server's own lint does with every text and key of a listing. */
function lint(value: unknown, say: (what: string) => void): void {
  if (typeof value === "string" && (value.length > 4096 || findHidden(value).length > 0))
    say("a text that the lint refuses");
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    lint(key, say);
    lint(child, say);
  }
}

/** Places where declared keys stand beside undeclared ones; members of `allOf` and its like are closed by what is around them. */
function openParts(schema: unknown, at = "", isMember = false): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const isClosed = "additionalProperties" in node || "unevaluatedProperties" in node;
  const open = "properties" in node && !isClosed && !isMember ? [at] : [];
  for (const [key, value] of Object.entries(node)) {
    if (key === "properties" || key === "patternProperties") {
      for (const [name, one] of Object.entries(value as object)) open.push(...openParts(one, `${at}/${name}`));
    } else if (key === "items") open.push(...openParts(value, `${at}/${key}`));
    else if (["allOf", "anyOf", "oneOf", "prefixItems"].includes(key)) {
      for (const one of value as unknown[]) open.push(...openParts(one, `${at}/${key}`, key !== "prefixItems"));
    }
  }
  return open;
}

function counted(leftOut: readonly LeftOut[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { what, reason } of leftOut) counts[`${what} ${reason}`] = (counts[`${what} ${reason}`] ?? 0) + 1;
  return counts;
}
