import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contentBlocks } from "../../src/define/content.ts";
import { definePrompt } from "../../src/define/prompt.ts";
import { defineResource } from "../../src/define/resource.ts";
import { callOnce, type Spec, shown } from "../support/call-once.ts";
import { testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

describe("an output over its size", () => {
  const limits = { maxResultBytes: 1_000 };
  const text = z.strictObject({ text: z.string(), n: z.number() });

  it.each([
    ["letters", "x".repeat(5_000)],
    ["escapes", '"\n'.repeat(3_000)],
    ["control characters", "\u0001".repeat(3_000)],
    ["emoji", "\u{1f600}".repeat(3_000)],
  ])("is cut at its longest string, visibly, within the limit: %s", async (_, long) => {
    const { answer, sink } = await callOnce(
      { output: text, run: () => ({ text: long, n: 1 }), limits },
      { redact: { hidden: "keep" } },
    );
    const { structuredContent, content } = shown(answer);
    expect(String(structuredContent?.["text"])).toContain("truncated");
    expect(structuredContent?.["n"]).toBe(1);
    expect(JSON.parse(content[0]!.text)).toEqual(structuredContent);
    expect(Buffer.byteLength(content[0]!.text)).toBeLessThanOrEqual(1_000);
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "ok", truncated: true } }]);
  });

  it.each<[string, Spec]>([
    [
      "many numbers",
      {
        output: z.strictObject({ a: z.array(z.number()) }),
        run: () => ({ a: Array.from({ length: 2_000 }, () => 7) }),
      },
    ],
    [
      "a string that its schema lets nobody cut",
      { output: z.strictObject({ id: z.string().regex(/^x*$/) }), run: () => ({ id: "x".repeat(5_000) }) },
    ],
    [
      "an object behind a short text",
      {
        output: z.strictObject({ a: z.array(z.number()) }),
        run: () => ({ a: Array.from({ length: 2_000 }, () => 7) }),
        present: () => "short",
      },
    ],
    [
      "a picture",
      { output: contentBlocks, run: () => [{ type: "image", data: "A".repeat(4_000), mimeType: "image/png" }] },
    ],
    [
      "links",
      {
        output: contentBlocks,
        run: () =>
          Array.from({ length: 50 }, () => ({ type: "resource_link", uri: `x://${"y".repeat(100)}`, name: "n" })),
      },
    ],
    [
      "an embedded blob",
      { output: contentBlocks, run: () => [{ type: "resource", resource: { uri: "x://1", blob: "A".repeat(4_000) } }] },
    ],
  ])("is refused where it cannot be cut: %s", async (_, spec) => {
    const { answer, sink } = await callOnce({ ...spec, limits });
    expect(errorOf(answer).code).toBe("too_large");
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "too_large", isError: true } }]);
  });

  it("is cut as text", async () => {
    const { answer } = await callOnce({ output: z.string(), run: () => "x".repeat(5_000), limits });
    expect(shown(answer).content[0]!.text).toMatch(/truncated: \d+ of 5000 bytes shown/);
  });

  it("is cut over several blocks, first ones first", async () => {
    const block = { type: "text", text: "x".repeat(600) };
    const { answer } = await callOnce({ output: contentBlocks, run: () => [block, block, block], limits });
    const texts = shown(answer).content.map((one) => one.text);
    expect(texts[0]).toBe(block.text);
    expect(texts[1]).toContain("truncated");
    expect(texts.join("").length).toBeLessThan(1_200);
  });
});

describe("a resource's and a prompt's output", () => {
  it("is held to its size too", async () => {
    const limits = { maxResultBytes: 200 };
    const { server } = testServer({
      resources: [
        defineResource({
          name: "note",
          description: "x",
          scope: "echo:use",
          uri: "x://{id}",
          limits,
          read: ({ uri }) => [{ uri, text: "x".repeat(900) }],
        }),
      ],
      prompts: [
        definePrompt({
          name: "ask",
          description: "x",
          scope: "echo:use",
          input: z.strictObject({}),
          limits,
          run: () => [{ role: "user", content: { type: "text", text: "x".repeat(900) } }],
        }),
      ],
    });
    for (const request of [
      { method: "resources/read", name: "x://1" },
      { method: "prompts/get", name: "ask", args: {} },
    ] as const) {
      const answer = await walk(server, request);
      expect(JSON.stringify(answer)).toContain("truncated: ");
      expect(JSON.stringify(answer).length).toBeLessThan(600);
    }
  });
});
