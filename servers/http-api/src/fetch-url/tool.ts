import { CallError, defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FetchUrlConfig } from "../config/fetch-url-schema.ts";
import type { HttpApiConfig } from "../config/schema.ts";
import { FETCH_SCOPE } from "../context.ts";
import { FETCH_URL } from "./name.ts";
import type { Pages } from "./pages.ts";
import { readPage } from "./read-page.ts";
import { textPart } from "./text-part.ts";

const input = z.strictObject({
  url: z.string().min(1).max(2048).describe("Absolute URL of a page."),
  offset: z
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .optional()
    .describe("nextOffset of the part before."),
});

const output = z.strictObject({
  url: z.string().describe("Where the page was, after redirects."),
  contentType: z.string(),
  title: z.string().optional(),
  text: z.string(),
  nextOffset: z.int().optional().describe("There is more; it begins here."),
  notes: z.array(z.string()).optional(),
});

/** Reads pages of the hosts that the configuration names, and of no others. */
export function fetchUrlTool(
  config: FetchUrlConfig,
  pages: Pages,
  { auditArguments, limits }: Pick<HttpApiConfig, "auditArguments" | "limits">,
): ToolDefinition {
  // Room for what escaping adds, so that it is this tool that cuts, and says where.
  const maxBytes = Math.min(config.maxTextBytes, Math.floor(limits.maxResultBytes / 2));
  return defineTool({
    name: FETCH_URL,
    title: "Read a page",
    description: `Reads a page as text. These hosts can be asked: ${hostsOf(config)}.`,
    effect: config.effect,
    scope: FETCH_SCOPE,
    openWorld: true,
    input,
    output,
    audit: { url: auditArguments },
    pinned: JSON.stringify(config.allow),
    run: async ({ url, offset = 0 }, { signal }) => {
      const page = await readPage(pages, url, signal);
      if (offset > 0 && offset >= page.text.length) {
        throw new CallError("invalid_input", "The page is shorter than this offset. Start again without one.", {
          rule: "page/offset",
        });
      }
      const { text, nextOffset } = textPart(page.text, offset, maxBytes);
      return {
        url: page.url,
        contentType: page.contentType,
        ...(page.title === undefined ? {} : { title: page.title }),
        text,
        ...(nextOffset === undefined ? {} : { nextOffset }),
        ...(page.isCut ? { notes: ["The page was longer or deeper than this server reads. Its end is missing."] } : {}),
      };
    },
  });
}

const MAX_HOSTS = 20;

function hostsOf({ allow }: FetchUrlConfig): string {
  const hosts = allow.slice(0, MAX_HOSTS).map(({ host }) => host);
  return allow.length > MAX_HOSTS ? `${hosts.join(", ")}, and ${allow.length - MAX_HOSTS} more` : hosts.join(", ");
}
