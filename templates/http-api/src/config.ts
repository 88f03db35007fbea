import { projectConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

const api = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .describe("Where the API is; all that is asked of it lies below. Plain http only on this machine."),
  token: z
    .strictObject({ file: z.string().min(1).max(4096).describe("File with the token alone, mode 600.") })
    .exactOptional()
    .describe("Sent to the API as Bearer token. Default: none."),
  privateAddresses: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(16)
    .exactOptional()
    .describe("CIDR ranges, not public, that the API's name may lead to, such as 10.20.0.0/16. Default: none."),
  timeoutMs: z.int().min(10).max(60_000).default(10_000).describe("Milliseconds that one answer may take."),
  maxBytes: z
    .int()
    .min(1024)
    .max(16 * 1024 * 1024)
    .default(1024 * 1024)
    .describe("Bytes that are read of one answer, decompressed."),
});

/** What can be set in server.config.json; every key needs a description and, where there is one, a safe default. */
export const config = projectConfig({
  api: api.describe("The API that is asked."),
}).describe("Configuration of my-server.");

export type Config = z.output<typeof config>;
