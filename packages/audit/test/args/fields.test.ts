import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openDigester } from "../../src/args/digest-key.ts";
import type { ArgsRules, AuditEvent, FieldRule } from "../../src/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { recordLine } from "../../src/record/record.ts";
import { temporaryFolder } from "../support.ts";

const rules = (fields: Record<string, FieldRule>, names = Object.keys(fields)): ArgsRules => ({ names, fields });

function recorded(args: unknown, how?: ArgsRules) {
  return openDigester(temporaryFolder()).digest(args, how);
}

/** The line of the log that a call with these arguments leaves. */
function lineOf(args: unknown, how: ArgsRules): string {
  const event: AuditEvent = {
    type: "call.intent",
    ref: "r",
    tool: { name: "t" },
    args: recorded(args, how),
    decision: { effect: "allow", step: "authorize" },
  };
  return recordLine(event, { log: "t/1", seq: 0, ts: "", mono: 0, prev: GENESIS }, 32_768).text;
}

describe("a digest", () => {
  test("is over all arguments that are not dropped, whatever else is marked", () => {
    const { digest } = openDigester(temporaryFolder());
    const args = { a: "1", b: "2", c: "3" };
    const whole = digest(args);
    expect(digest(args, rules({ a: "plain", b: "hash" }))).toMatchObject(whole);
    expect(digest(args, rules({ c: "drop" }))).toMatchObject(digest({ a: "1", b: "2" }));
  });

  test("of a marked field is that of its value alone, so that equal values correlate between tools", () => {
    const { digest } = openDigester(temporaryFolder());
    const first = digest({ path: "/a" }, rules({ path: "hash" })).hashed;
    const second = digest({ from: "/a", to: "/b" }, rules({ from: "hash", to: "hash" })).hashed;
    expect(second?.["from"]).toBe(first?.["path"]);
    expect(second?.["to"]).not.toBe(first?.["path"]);
  });

  test("without rules is all there is", () => {
    expect(Object.keys(recorded({ a: 1 }))).toEqual(["digest", "bytes"]);
  });

  test.each([[null], ["text"], [[1, 2]], [undefined]])("of %j, which has no fields, shows none", (value) => {
    expect(Object.keys(recorded(value, rules({ length: "plain", 0: "plain" })))).toEqual(["digest", "bytes"]);
  });
});

test("shows each declared field by type and length, and a dropped one by that alone", () => {
  const how = rules({ body: "drop" }, ["path", "body", "head", "absent"]);
  expect(recorded({ path: "/a/b", body: "x", head: 3, made_up: 1 }, how).shape).toEqual({
    path: "string:4",
    body: "dropped",
    head: "number",
  });
});

test("shows plain fields as they are, and objects as canonical JSON", () => {
  const how = rules({ text: "plain", n: "plain", yes: "plain", list: "plain", nothing: "plain" });
  expect(recorded({ text: "x", n: 1, yes: true, list: [{ b: 1, a: 2 }], nothing: null }, how).plain).toEqual({
    text: "x",
    n: 1,
    yes: true,
    list: '[{"a":2,"b":1}]',
    nothing: "null",
  });
});

test("takes no field from a prototype", () => {
  const how: ArgsRules = {
    names: ["constructor"],
    fields: { constructor: "plain" as FieldRule, toString: "hash" as FieldRule },
  };
  const { shape, plain, hashed } = recorded({ a: 1 }, how);
  expect([shape, plain, hashed]).toEqual([{}, {}, {}]);
});

test("refuses a rule that does not exist, rather than letting the value through", () => {
  const how = { names: ["a"], fields: { a: "dropp" as FieldRule } };
  expect(() => recorded({ a: 1 }, how)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("follows rules that were changed, unless they are frozen", () => {
  const { digest } = openDigester(temporaryFolder());
  const fields: Record<string, FieldRule> = { a: "plain" };
  const how = { names: ["a"], fields };
  expect(digest({ a: "x" }, how).plain).toEqual({ a: "x" });
  fields["a"] = "drop";
  expect(digest({ a: "x" }, how).plain).toBeUndefined();
});

describe("whatever a client sends", () => {
  const CANARY = "kanarienvogel";
  const texts = fc.string({ unit: "binary", maxLength: 300 }).map((text) => `${text}${CANARY}${text}`);
  const names = ["a", "b", "c", "d"];
  const { tree: values } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small", withCrossShrink: true }, texts, fc.array(tie("tree")), tie("object")),
    object: fc.dictionary(fc.oneof(fc.constantFrom(...names), texts), tie("tree"), { maxKeys: 5 }),
  }));
  const args = fc.dictionary(fc.oneof(fc.constantFrom(...names), texts), values, { minKeys: 1, maxKeys: 8 });
  const hidden = fc.dictionary(fc.constantFrom(...names), fc.constantFrom<FieldRule>("hash", "drop"));

  test("nothing of it is in the record but types, lengths and digests", () => {
    fc.assert(
      fc.property(args, hidden, (sent, fields) => {
        const line = lineOf(sent, { names, fields });
        expect(line).not.toContain(CANARY);
        const { args: written } = JSON.parse(line);
        const allowed = /^(string:\d+|array:\d+|object:\d+|number|boolean|null|dropped)$/;
        for (const [name, shape] of Object.entries(written.shape ?? {})) {
          expect(names).toContain(name);
          expect(shape).toMatch(allowed);
        }
        for (const digest of Object.values(written.hashed ?? {})) expect(digest).toMatch(/^[\w-]{43}$/);
      }),
    );
  });

  test("no dropped field changes anything of the record but whether it is there", () => {
    const digester = openDigester(temporaryFolder());
    const how = rules({ b: "drop" }, names);
    fc.assert(
      fc.property(args, values, values, (sent, one, other) => {
        expect(digester.digest({ ...sent, b: one }, how)).toEqual(digester.digest({ ...sent, b: other }, how));
      }),
    );
  });

  test("a plain field is in the record escaped and cut", () => {
    const how = rules({ a: "plain" });
    fc.assert(
      fc.property(texts, (text) => {
        const line = lineOf({ a: text }, how);
        expect(line).toMatch(/^[ -~]*\n$/);
        const { plain } = JSON.parse(line).args;
        expect(text.startsWith(plain.a.replace(/…\+\d+$/, ""))).toBe(true);
      }),
    );
  });
});
