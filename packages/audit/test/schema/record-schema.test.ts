import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/event.ts";
import { recordTypes } from "../../src/export/record-types.ts";
import { openAuditLog, rotateSigningKey } from "../../src/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { recordLine } from "../../src/record/record.ts";
import { samples } from "../export/samples.ts";
import { allEvents } from "../export/support.ts";
import { intent, records, temporaryFolder } from "../support.ts";

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../record.schema.json"), "utf8"));
const fits = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(schema);

const AT = {
  log: "test/Uo0yW0GO0m4rJ5m1kKtq8Q",
  seq: 7,
  ts: "2026-01-01T00:00:00.000Z",
  mono: 12.5,
  prev: GENESIS,
};
const written = (event: Parameters<typeof recordLine>[0]): Record<string, unknown> =>
  JSON.parse(recordLine(event, AT, 32_768).text);

describe("a record as the writer writes it fits the schema", () => {
  test.each(recordTypes)("%s", (type) => {
    for (const event of samples[type]) {
      expect(fits(written(event)), JSON.stringify(fits.errors)).toBe(true);
    }
  });

  test("all of a log on disk, over segments, deleted ones, another key and a call without outcome", async () => {
    const dir = temporaryFolder();
    const options = { dir, server: "test", maxSegmentBytes: 64 * 1024, keepSegments: 4 };
    const log = await openAuditLog(options);
    for (let round = 0; round < 20; round++) {
      for (const event of allEvents) log.write(event);
      await log.durable();
    }
    log.write(intent("unfinished"));
    await log.close();
    await rotateSigningKey({ dir });
    await (await openAuditLog(options)).close();
    const written = records(dir);
    expect(written.filter((record) => !fits(record))).toEqual([]);
    const types = new Set(written.map(({ type }) => type));
    for (const event of allEvents) expect(types).toContain(event.type);
    for (const own of ["opened", "stopped", "segment", "pruned", "key_rotated", "unfinished"]) {
      expect(types).toContain(`log.${own}`);
    }
  });

  test("whatever text, number and detail an event carries", () => {
    const text = fc.string({ unit: "binary", maxLength: 400 });
    const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const scalar = fc.oneof(text, fc.double(), fc.boolean());
    const event = fc.record({
      type: fc.constant("call.intent" as const),
      ref: text,
      trace: some(text),
      actor: some(fc.record({ issuer: some(text), subject: some(text), client: some(text), tenant: some(text) })),
      tool: fc.record({ name: text, def: some(text), effect: fc.constantFrom("read", "write", "destroy", "external") }),
      args: fc.record({
        digest: text,
        bytes: fc.double(),
        shape: some(fc.dictionary(text, text)),
        plain: some(fc.dictionary(text, scalar)),
        hashed: some(fc.dictionary(text, text)),
      }),
      decision: fc.record({
        effect: fc.constantFrom("allow", "deny", "approve"),
        step: text,
        rule: some(text),
        code: some(text),
      }),
      detail: some(fc.dictionary(text, scalar)),
    });
    fc.assert(
      fc.property(event, (one) => {
        expect(fits(written(one as AuditEvent)), JSON.stringify(fits.errors)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the schema refuses", () => {
  const base = written(samples["call.intent"][1]!);
  const without = (name: string) => Object.fromEntries(Object.entries(base).filter(([key]) => key !== name));

  test.each([
    ["a field it does not know", { ...base, note: "x" }],
    ["a field of the caller that it does not know", { ...base, actor: { subject: "u", password: "x" } }],
    ["another version", { ...base, v: 2 }],
    ["a type it does not know", { ...base, type: "call.maybe" }],
    ["a number in place of text", { ...base, ref: 1 }],
    ["text in place of a number", { ...base, seq: "1" }],
    ["a number that is not whole", { ...base, seq: 1.5 }],
    ["a number that JSON cannot hold exactly", { ...base, seq: 2 ** 53 }],
    ["a time without its zone", { ...base, ts: "2026-01-01T00:00:00.000" }],
    ["a hash of another length", { ...base, hash: "A".repeat(44) }],
    ["text longer than any the writer writes", { ...base, ref: "x".repeat(268) }],
    ["an effect it does not know", { ...base, tool: { name: "x", effect: "maybe" } }],
    ["a nested detail", { ...base, detail: { a: { b: 1 } } }],
    ["an intent with an outcome", { ...base, outcome: { code: "ok", isError: false, bytes: 1, ms: 1 } }],
    ["a record of the log with a caller", { ...written(samples["log.stopped"][0]!), actor: {} }],
    ["a record of the log with a reference", { ...written(samples["log.stopped"][0]!), ref: "r1" }],
    ["a recovery without its bytes", { ...written(samples["log.recovered"][0]!), detail: {} }],
    [
      "a pruning for another reason",
      { ...written(samples["log.pruned"][0]!), detail: { from: 0, to: 1, root: "x", why: "me" } },
    ],
    ["a list", [base]],
    ["nothing", null],
  ])("%s", (_what, record) => {
    expect(fits(base)).toBe(true);
    expect(fits(record)).toBe(false);
  });

  test.each(["v", "log", "seq", "ts", "mono", "type", "ref", "tool", "args", "decision", "prev", "hash"])(
    "an intent without %s",
    (name) => {
      expect(fits(without(name))).toBe(false);
    },
  );
});

describe("the schema", () => {
  test("has a branch for every type and for no other", () => {
    const branches = schema.oneOf.map(({ $ref }: { $ref: string }) => $ref.replace("#/$defs/", ""));
    expect(branches.toSorted()).toEqual(recordTypes.toSorted());
    expect(schema.properties.type.enum.toSorted()).toEqual(recordTypes.toSorted());
    for (const type of recordTypes) expect(schema.$defs[type].properties.type).toEqual({ const: type });
  });

  test("names the fields in the order in which they are written", () => {
    const order = Object.keys(schema.properties);
    for (const event of Object.values(samples).flat()) {
      const keys = Object.keys(written(event));
      expect(keys).toEqual(order.filter((key) => keys.includes(key)));
    }
  });

  test("describes every field", () => {
    const silent: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
      const { properties } = node as { properties?: Record<string, unknown> };
      for (const [name, field] of Object.entries(properties ?? {})) {
        const narrowed =
          path !== "" && Object.hasOwn(schema.properties, name) && /^\/\$defs\/(.*\.|weakening|unasked)/.test(path);
        const isDescribed = typeof field === "object" && field !== null && "description" in field;
        if (field !== false && !isDescribed && !narrowed) silent.push(`${path}/${name}`);
      }
    };
    walk(schema, "");
    expect(silent).toEqual([]);
  });
});
