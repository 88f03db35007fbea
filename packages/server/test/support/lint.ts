import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import { createServer } from "../../src/server.ts";
import { createFakeSink } from "./sink.ts";

/** A tool spec without a fault; tests put one in. */
export const fit = {
  name: "read_note",
  description: "Reads a note.",
  effect: "read" as const,
  scope: "notes:read",
  input: z.strictObject({ id: z.string() }),
  output: z.strictObject({ text: z.string() }),
  run: () => ({ text: "" }),
};

/** What a server with these definitions says when it does not start; `undefined` when it does. */
export function refusal(options: object): string | undefined {
  try {
    createServer({ name: "test", version: "1", audit: createFakeSink(), ...options });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
export const ofTool = (over: object) => refusal({ tools: [defineTool({ ...fit, ...over } as never)] });
