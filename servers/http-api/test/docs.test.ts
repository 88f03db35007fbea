/** What the pages say of this server, held to what it does. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { statusRefusal } from "../src/response/status-refusal.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const sectionOf = (page: string, title: string) => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const cellsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[ -]+\|/.test(line))
    .slice(1)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
const codeIn = (text: string) =>
  [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.match(/[\w$.]+/g) ?? []);

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** What all servers share, and is told elsewhere. */
const SHARED = new Set(["http", "auth", "local", "stepUp", "state", "audit", "redact", "limits"]);
const root = JSON.parse(read("../config.schema.json")) as Schema;

/** Every key there is; `*` is a name that an operator gives. */
function pathsOf(schema: Schema, at: readonly string[] = []): readonly string[] {
  // A JSON value can hold others for ever, and has no keys of ours.
  if (schema.$ref !== undefined || SHARED.has(at[0] ?? "")) return [];
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [[...at, key].join("."), ...pathsOf(inner, [...at, key])]),
    ...(typeof additionalProperties === "object" ? pathsOf(additionalProperties, [...at, "*"]) : []),
    ...[items, ...anyOf, ...oneOf].flatMap((inner) => (inner === undefined ? [] : pathsOf(inner, at))),
  ];
}

const paths = [...new Set(pathsOf(root))].filter((path) => path !== "$schema");
const page = read("../README.md");
const rows = cellsOf(sectionOf(page, "Configuration")).map(([keys = "", text = ""]) => {
  const [first = "", ...more] = codeIn(keys).map((path) => path.replaceAll(/\b[A-Z]+\b/g, "*"));
  const parent = first.slice(0, first.lastIndexOf(".") + 1);
  return { keys: [first, ...more.map((name) => parent + name)], names: codeIn(text) };
});

/** Keys that are the same in two places, and told in one. */
const TOLD_AT = [
  [/^apis\.\*\.(?:tools\.\*\.output|operations\.set\.\*\.response)\./, "apis.*.response."],
  [
    /^apis\.\*\.tools\.\*\.(?=(?:title|effect|scope|idempotencyHeader|pagination|deadlineMs|slashes)\b)/,
    "apis.*.operations.set.*.",
  ],
] as const;

describe("the README", () => {
  it.each(paths)("names the key %s", (path) => {
    const told = TOLD_AT.reduce((at, [from, to]) => at.replace(from, to), path);
    const name = told.slice(told.lastIndexOf(".") + 1);
    const isRow = rows.some(({ keys }) => keys.some((key) => key === told || key.startsWith(`${told}.`)));
    const isWithin = rows.some(
      ({ keys, names }) => keys.some((key) => told.startsWith(`${key}.`)) && names.includes(name),
    );
    const isCredential = told.startsWith("apis.*.credential.") && codeIn(sectionOf(page, "Credentials")).includes(name);
    expect([path, isRow || isWithin || isCredential]).toEqual([path, true]);
  });

  it("has no row for a key that there is not", () => {
    const known = new Set([...paths, ...Object.keys(root.properties ?? {})]);
    const invented = rows.flatMap(({ keys }) => keys).filter((key) => !known.has(key.replace(/\.\*$/, "")));
    expect([rows.length > 10, invented]).toEqual([true, []]);
  });
});

describe("docs/errors.md", () => {
  const table = cellsOf(sectionOf(read("../../../docs/errors.md"), "What an API answers")).map(
    ([what = "", code = ""]) => ({ what, code: codeIn(code)[0] }),
  );
  const codeFor = (said: RegExp) => table.filter(({ what }) => said.test(what)).map(({ code }) => code);

  it.each(Array.from({ length: 300 }, (_, at) => 300 + at))("tells what becomes of a %d", (status) => {
    const [own, ...twice] = codeFor(new RegExp(`\\b${status}\\b`));
    const rest = status < 400 ? /^ a redirect/ : status < 500 ? /other 4xx/ : /other 5xx/;
    expect(twice).toEqual([]);
    const refusal = statusRefusal(
      { status, headers: {}, body: (async function* () {})(), fromCache: false, discard: async () => undefined },
      // What reads is answered with a 304, too.
      { effect: "write" },
    );
    expect([status, refusal?.code]).toEqual([status, own ?? codeFor(rest)[0]]);
  });
});
