import { projectConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

/** What can be set in server.config.json; every key needs a description and, where there is one, a safe default. */
export const config = projectConfig({
  maxNotes: z.int().min(1).max(10_000).default(1000).describe("Notes that are kept at most."),
}).describe("Configuration of my-server.");

export type Config = z.output<typeof config>;
