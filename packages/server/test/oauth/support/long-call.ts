import { z } from "zod";
import { defineTool, type ToolDefinition } from "../../../src/define/tool.ts";
import { gate } from "../../support/server.ts";
import { SCOPES } from "./notes.ts";

/** A tool that reports progress for as long as it is let. */
export interface LongCall {
  readonly tool: ToolDefinition;
  /** Resolves when its signal aborts, with `performance.now()`. */
  readonly aborted: Promise<number>;
}

export function longCall(): LongCall {
  const aborted = gate<number>();
  const tool = defineTool({
    name: "watch",
    description: "Watches the notes.",
    effect: "read",
    scope: SCOPES.read,
    input: z.strictObject({}),
    output: z.strictObject({}),
    async run(_, call) {
      let done = 0;
      const timer = setInterval(() => call.progress(++done), 20);
      await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true }));
      clearInterval(timer);
      aborted.resolve(performance.now());
      return {};
    },
  });
  return { tool, aborted: aborted.promise };
}
