import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AuditMarks } from "../../src/define/audit-marks.ts";
import { definePrompt } from "../../src/define/prompt.ts";
import { defineResource } from "../../src/define/resource.ts";
import { defineTool } from "../../src/define/tool.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import { testServer } from "../support/server.ts";

const input = z.strictObject({ path: z.string(), body: z.string(), account: z.string() });
const text = { description: "x", scope: "notes:use" } as const;

const made = {
  tool: (audit: AuditMarks) =>
    testServer({
      tools: [
        defineTool({ ...text, name: "note", effect: "read", input, output: z.string(), audit, run: () => "" } as never),
      ],
    }),
  prompt: (audit: AuditMarks) =>
    testServer({
      prompts: [
        definePrompt({
          ...text,
          name: "note",
          input,
          audit,
          run: () => [{ role: "user", content: { type: "text", text: "" } }],
        } as never),
      ],
    }),
  resource: (audit: AuditMarks) =>
    testServer({
      resources: [
        defineResource({
          ...text,
          name: "note",
          uri: "note:///{account}/{body}/{+path}",
          audit,
          read: ({ uri }) => [{ uri, text: "" }],
        }),
      ],
    }),
} as const;
const KINDS = ["tool", "prompt", "resource"] as const;
const operation = (kind: (typeof KINDS)[number], audit: AuditMarks) => {
  const [found] = made[kind](audit).server.operations;
  if (found === undefined) throw new Error("nothing was registered");
  return found;
};

describe.each(KINDS)("what a %s marks for the record", (kind) => {
  it("is what its operation carries, with every argument by name, and cannot be changed", () => {
    const marks: Record<string, "plain" | "hash" | "drop"> = { path: "plain", body: "drop", account: "hash" };
    const { argsRules } = operation(kind, marks);
    marks["body"] = "plain";
    expect(argsRules.fields).toEqual({ path: "plain", body: "drop", account: "hash" });
    expect([...(argsRules.names ?? [])].sort()).toEqual(["account", "body", "path"]);
    for (const part of [argsRules, argsRules.names, argsRules.fields]) expect(Object.isFrozen(part)).toBe(true);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ pth: "hash" }, /audit marks "pth", which is no argument\. Did you mean "path"\?/],
    [{ elsewhere: "hash" }, /which is no argument\. There are: .*path/],
    [{ body: "dropp" }, /audit marks "body" as "dropp", which is no rule\. Did you mean "drop"\?/],
    [{ body: undefined }, /which is no rule/],
    [{ body: "toString" }, /which is no rule/],
  ])("stops the start when it is wrong: %j", (audit, message) => {
    const start = () => made[kind](audit as AuditMarks);
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(message);
  });

  it("is part of the definition's hash, whatever its order, and nothing is no part", () => {
    const none = operation(kind, {}).definition;
    const hashed = operation(kind, { path: "hash", body: "drop" }).definition;
    expect(operation(kind, { body: "drop", path: "hash" }).definition).toBe(hashed);
    expect(operation(kind, { body: "drop", path: "plain" }).definition).not.toBe(hashed);
    expect(hashed).not.toBe(none);
  });
});

it("knows the arguments by the input's own keys", () => {
  // @ts-expect-error there is no such argument
  defineTool({ ...text, name: "n", effect: "read", input, output: z.string(), audit: { pth: "hash" }, run: () => "" });
});
