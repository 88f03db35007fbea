import { describe, expect, it } from "vitest";
import { parseManifest } from "../../src/manifest/parse-manifest.ts";
import { FILES } from "../support/manifests.ts";

const [operation] = FILES.operations;
const manifest = (change: object) => ({ server: "s", operations: [{ ...operation, ...change }] });

describe("a manifest", () => {
  it("is what it was, by way of JSON", () => {
    expect(parseManifest(JSON.parse(JSON.stringify(FILES)))).toEqual(FILES);
  });

  it.each([
    ["no object", [], "The manifest must be an object."],
    ["an unknown key", { ...FILES, tools: [] }, `The manifest has no "tools".`],
    ["no name", { operations: [] }, `The manifest's "server" must be text`],
    ["no operations", { server: "s" }, `The manifest of s needs a list "operations".`],
    ["too many", { server: "s", operations: Array(2_001).fill(operation) }, "more than 2000 operations"],
    [
      "a key with a typing error",
      manifest({ needApproval: true }),
      `Operation 1 of s has no "needApproval". Did you mean "needsApproval"?`,
    ],
    [
      "an effect that is none",
      manifest({ effect: "reed" }),
      `must be one of read, write, destroy, external. Did you mean "read"?`,
    ],
    [
      "a method that is none",
      manifest({ method: "tools/list" }),
      "must be one of tools/call, prompts/get, resources/read.",
    ],
    ["no scope", manifest({ scope: "" }), `Operation 1 of s needs a "scope"`],
    ["an approval that is no boolean", manifest({ needsApproval: "false" }), `needs "needsApproval": true or false`],
    ["an input schema that is none", manifest({ inputSchema: "object" }), `"inputSchema" must be an object`],
    [
      "one operation twice",
      { server: "s", operations: [operation, operation] },
      `has "tools/call read_text_file" twice`,
    ],
  ])("is refused with %s", (_, json, message) => {
    expect(() => parseManifest(json)).toThrow(message);
  });
});
