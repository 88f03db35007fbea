import { DEFAULT_DENY } from "@hardened-mcp/safe-path";
import { commonKeys, limitsConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

const positive = (most: number) => z.int().min(1).max(most);
const words = z.array(z.string().min(1).max(1024)).max(1000);
const MiB = 1024 * 1024;

const root = z
  .union([
    z.string().min(1).describe("Path of the directory."),
    z.strictObject({
      path: z.string().min(1).describe("Path of the directory."),
      name: z.string().min(1).max(64).exactOptional().describe("Shown next to the path by list_allowed_directories."),
      links: z
        .enum(["inside", "refuse"])
        .exactOptional()
        .describe("inside (default): links are followed if they end inside the root. refuse: no link anywhere."),
    }),
  ])
  .describe("A directory that is served. A leading ~ is the home directory.");

/** The whole configuration; every key has a description and, but for the roots, a safe default. */
export const configSchema = z
  .strictObject({
    roots: z.array(root).max(64).default([]).describe("Directories that are served; nothing else is."),
    deny: words
      .default([...DEFAULT_DENY])
      .describe("Names never served, with everything below them; `*` is the only wildcard. Replaces the default list."),
    hardLinks: z
      .enum(["refuse", "allow"])
      .default("refuse")
      .describe("Files with several names (hard links); another name may lie outside the roots."),
    maxReadBytes: positive(256 * MiB)
      .default(10 * MiB)
      .describe("Largest file that is read whole."),
    maxSearchFileBytes: positive(256 * MiB)
      .default(10 * MiB)
      .describe("Largest file search_content looks into."),
    limits: limitsConfig("Bytes of text in one answer; a file of 1 MiB is never cut.")
      .prefault({})
      .describe("Bounds of every call."),
    markUntrusted: z.boolean().default(false).describe("Wrap file contents in a mark that says they are data."),
    ...commonKeys,
    auditPaths: z
      .enum(["hash", "plain"])
      .default("hash")
      .describe(
        "What audit records show of the paths of a call. hash: a keyed digest, by which equal ones are found. plain: the path.",
      ),
    dangerouslyAllowBroadRoot: z
      .boolean()
      .default(false)
      .describe("Accept roots such as / or a home directory. On the command line only."),
  })
  .describe("Configuration of hardened-mcp-filesystem.");

/** What the server runs with. */
export type FilesystemConfig = z.output<typeof configSchema>;
