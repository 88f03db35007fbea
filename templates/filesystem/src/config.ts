import { DEFAULT_DENY } from "@hardened-mcp/safe-path";
import { projectConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

/** Most bytes that `maxFileBytes` may allow. */
export const MOST_BYTES = 1024 * 1024;

/** What can be set in server.config.json; every key needs a description and, where there is one, a safe default. */
export const config = projectConfig({
  roots: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/), z.string().min(1).max(4096))
    .default({ files: "files" })
    .describe("Folders that are served, by the name clients use: files/plan.md is plan.md in the folder named files."),
  deny: z
    .array(z.string().min(1).max(255))
    .max(1000)
    .default([...DEFAULT_DENY, ".*", "secrets"])
    .describe("Names never served, with everything below them; * is the only wildcard. Replaces the default list."),
  maxFileBytes: z
    .int()
    .min(1)
    .max(MOST_BYTES)
    .default(256 * 1024)
    .describe("Largest file that is read or created."),
}).describe("Configuration of my-server.");

export type Config = z.output<typeof config>;
