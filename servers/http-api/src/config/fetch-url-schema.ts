import { z } from "zod";
import { MiB, privateAddresses, whole } from "./words.ts";

export const fetchUrlConfig = z
  .strictObject({
    allow: z
      .array(
        z.strictObject({
          host: z
            .string()
            .min(1)
            .max(253)
            .describe("docs.example.com, or *.example.com for every name below it. No bare * and no public suffix."),
          ports: z.array(whole(65_535)).min(1).max(16).exactOptional().describe("Default: 443."),
          schemes: z
            .array(z.enum(["https", "http"]))
            .min(1)
            .exactOptional()
            .describe("Default: https."),
          privateAddresses: privateAddresses.exactOptional(),
        }),
      )
      .min(1)
      .max(1000)
      .describe("Hosts that may be asked. Every redirect is held against it, too."),
    effect: z
      .enum(["read", "external"])
      .default("read")
      .describe("What policies see. A URL can carry words out: external where the hosts are not yours to trust."),
    maxBytes: whole(16 * MiB)
      .default(2 * MiB)
      .describe("Bytes of a page, decompressed."),
    maxTextBytes: whole(MiB)
      .default(100_000)
      .describe("Bytes of text in one answer; the rest is asked for with an offset."),
    deadlineMs: whole(120_000).default(20_000).describe("Milliseconds for everything, waiting for a place included."),
    concurrency: whole(1024).default(8).describe("Most pages that are read at once, for all callers together."),
    queue: whole(10_000, 0).default(32).describe("Most calls that wait for a place."),
    callsPerMinute: whole(1_000_000)
      .exactOptional()
      .describe("Pages a minute, all callers together. Default: no limit but that of each caller."),
    maxRedirects: whole(10, 0).default(3).describe("Redirects that are followed, each checked."),
  })
  .describe("The tool fetch_url: readable text of pages of these hosts. Default: there is none.");
export type FetchUrlConfig = z.output<typeof fetchUrlConfig>;
