import { commonKeys, limitsConfig } from "@hardened-mcp/server/config";
import { z } from "zod";
import { apiConfig } from "./api-schema.ts";
import { fetchUrlConfig } from "./fetch-url-schema.ts";
import { apiName, path } from "./words.ts";

/** The whole configuration; every key has a description and, but for the APIs, a safe default. */
export const configSchema = z
  .strictObject({
    apis: z.record(apiName, apiConfig).default({}).describe("APIs by name; nothing else on the network is reached."),
    fetchUrl: fetchUrlConfig.exactOptional(),
    egressProxy: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .max(2048)
          .describe("HTTP proxy that every connection goes through (CONNECT), such as smokescreen."),
        caFile: path.exactOptional().describe("Authorities to trust for the proxy itself, PEM."),
      })
      .exactOptional()
      .describe("Default: none. HTTP_PROXY and its like in the environment are ignored."),
    limits: limitsConfig("Bytes of text in one answer.").prefault({}).describe("Bounds of every call."),
    markUntrusted: z
      .boolean()
      .default(true)
      .describe("Wrap what an API answers in a mark that says it is data, not instructions."),
    ...commonKeys,
    auditArguments: z
      .enum(["hash", "plain"])
      .default("hash")
      .describe(
        "What audit records show of arguments. hash: keyed digests of path and query arguments. plain: their values.",
      ),
    allowWrite: z
      .boolean()
      .default(false)
      .describe("Offer the operations listed in operations.write. On the command line only."),
  })
  .describe("Configuration of hardened-mcp-http-api.");

/** What the server runs with. */
export type HttpApiConfig = z.output<typeof configSchema>;
