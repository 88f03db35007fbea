import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contentBlocks } from "../src/define/content.ts";
import { definePrompt } from "../src/define/prompt.ts";
import { defineResource } from "../src/define/resource.ts";
import { defineTool } from "../src/define/tool.ts";
import { createServer } from "../src/server.ts";
import { fit, refusal } from "./support/lint.ts";
import { createFakeSink } from "./support/sink.ts";

describe("a server does not start with", () => {
  const prompt = { name: "ask", description: "x", scope: "a:b", input: z.strictObject({}), run: () => [] };
  const resource = { name: "note", description: "x", scope: "a:b", uri: "note://x", read: () => [] };
  it.each<[string, object, RegExp]>([
    ["a loose prompt", { prompts: [definePrompt({ ...prompt, input: z.object({}) })] }, /prompt "ask"/],
    [
      "a prompt whose argument is no string",
      { prompts: [definePrompt({ ...prompt, input: z.strictObject({ n: z.number() }) })] },
      /string/,
    ],
    [
      "a hidden character in a resource",
      { resources: [defineResource({ ...resource, uri: "note://\u200b" })] },
      /hidden/,
    ],
    [
      "a hidden character in a mime type",
      { resources: [defineResource({ ...resource, mimeType: "text/\u200bplain" })] },
      /hidden/,
    ],
    [
      "an exploding URI template",
      { resources: [defineResource({ ...resource, uri: "note://{/id*}" })] },
      /template|expression/,
    ],
    ["a hidden character in the instructions", { instructions: "x\u202e" }, /instructions/],
  ])("%s", (_, options, message) => expect(refusal(options)).toMatch(message));
});

describe("a server starts with", () => {
  it.each<[string, object]>([
    ["nothing to offer", {}],
    ["a fit tool", { tools: [defineTool(fit)] }],
    ["a text tool", { tools: [defineTool({ ...fit, output: z.string(), run: () => "" })] }],
    ["a tool that answers content", { tools: [defineTool({ ...fit, output: contentBlocks, run: () => [] })] }],
    [
      "a union of objects as output",
      {
        tools: [
          defineTool({
            ...fit,
            output: z.discriminatedUnion("k", [
              z.strictObject({ k: z.literal("a") }),
              z.strictObject({ k: z.literal("b") }),
            ]),
            run: () => ({ k: "a" as const }),
          }),
        ],
      },
    ],
    ["a tool without arguments", { tools: [defineTool({ ...fit, input: z.strictObject({}) })] }],
    [
      "a string that becomes something checked",
      { tools: [defineTool({ ...fit, input: z.strictObject({ id: z.string().transform((id) => id.length) }) })] },
    ],
    ["a tool named constructor", { tools: [defineTool({ ...fit, name: "constructor" })] }],
  ])("%s", (_, options) => expect(refusal(options)).toBeUndefined());

  it.each([
    [undefined, ["a_read"]],
    [["write"], ["a_read", "a_write"]],
    [
      ["destroy", "external"],
      ["a_read", "a_destroy", "a_external"],
    ],
  ] as const)("only what is enabled: %j", (enable, names) => {
    const tools = (["read", "write", "destroy", "external"] as const).map((effect) =>
      defineTool({ ...fit, name: `a_${effect}`, effect }),
    );
    const server = createServer({
      name: "t",
      version: "1",
      audit: createFakeSink(),
      tools,
      ...(enable === undefined ? {} : { enable }),
    });
    expect(server.operations.map((operation) => operation.target.name)).toEqual(names);
  });
});
