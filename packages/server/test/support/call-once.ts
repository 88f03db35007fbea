import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { testServer } from "./server.ts";
import { walk } from "./walk.ts";

export type Spec = { output: z.ZodType; run: () => unknown; present?: (output: never) => string; limits?: object };

/** Calls a tool with this output once. */
export async function callOnce(spec: Spec, server: object = {}) {
  const tool = defineTool({
    name: "echo",
    description: "x",
    effect: "read",
    scope: "echo:use",
    input: z.strictObject({}),
    ...spec,
  } as never);
  const made = testServer({ tools: [tool], ...server });
  const answer = await walk(made.server, { args: {} });
  return { ...made, answer };
}
export type Shown = { content: { type: string; text: string }[]; structuredContent?: Record<string, unknown> };
export const shown = (answer: Awaited<ReturnType<typeof walk>>): Shown => {
  if (!answer.ok) throw new Error(`refused: ${answer.error.code}`);
  return answer.result as unknown as Shown;
};
