import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { answering, type Folders, locate } from "../folders.ts";
import { readText } from "../text.ts";

const line = z.int().min(1).max(1_000_000_000);

export const readFile = (folders: Folders, maxBytes: number): ToolDefinition =>
  defineTool({
    name: "read_file",
    description: "Read a UTF-8 text file, whole or from firstLine to lastLine.",
    effect: "read",
    scope: "files:read",
    input: z.strictObject({
      path: z.string().max(4096).describe("Such as files/notes/plan.md"),
      firstLine: line.default(1).describe("Counted from 1"),
      lastLine: line.optional().describe("Inclusive; default: the end"),
    }),
    output: z.strictObject({ text: z.string(), lines: z.int().describe("Lines of the whole file") }),
    audit: { path: "hash" },
    present: ({ text }) => text,
    run: ({ path, firstLine, lastLine }) =>
      answering(() => {
        const text = readText(locate(folders, path), maxBytes);
        const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        return { text: lines.slice(firstLine - 1, lastLine).join(""), lines: lines.length };
      }),
  });
