import { z } from "zod";
import { MiB, whole } from "./words.ts";

/** How an API is reached, and how patiently. */
export const upstreamConfig = z
  .strictObject({
    connectTimeoutMs: whole(60_000)
      .default(5_000)
      .describe("Milliseconds to look a name up and connect, TLS included."),
    headersTimeoutMs: whole(600_000)
      .default(20_000)
      .describe("Milliseconds from the request to the head of the answer."),
    bodyTimeoutMs: whole(600_000).default(10_000).describe("Milliseconds between two pieces of a body."),
    deadlineMs: whole(600_000).default(25_000).describe("Milliseconds for everything: attempts, waiting, body."),
    maxResponseBytes: whole(64 * MiB)
      .default(MiB)
      .describe("Bytes of a body, on the wire and decompressed. Beyond it the call fails, or text is cut."),
    maxHeaderBytes: whole(256 * 1024, 1024)
      .default(16 * 1024)
      .describe("Bytes of an answer's head."),
    connections: whole(1024).default(32).describe("Most connections at once, kept alive."),
    concurrency: whole(1024).default(32).describe("Most requests at once."),
    queue: whole(10_000, 0).default(128).describe("Most requests that wait for a place."),
    callsPerMinute: whole(1_000_000)
      .exactOptional()
      .describe("Requests a minute, all callers together. Default: no limit."),
    retries: whole(10, 0)
      .default(2)
      .describe(
        "Further attempts, for requests that may be sent twice: GET, HEAD, PUT, DELETE, or with an idempotency key.",
      ),
    retryDelayMs: whole(60_000)
      .default(200)
      .describe("Milliseconds before the first of them; doubled each time, with jitter."),
    maxRetryAfterMs: whole(600_000)
      .default(10_000)
      .describe("Longest Retry-After that is waited for. A longer one is passed on to the caller."),
    breaker: z
      .strictObject({
        failures: whole(1000).default(5).describe("Failures in a row that open it."),
        openMs: whole(600_000).default(10_000).describe("Milliseconds it stays open before one request tries again."),
      })
      .prefault({})
      .describe("Circuit breaker: an API that fails is left alone for a while."),
    cache: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("Keep answers as long as they say (RFC 9111). Each caller has its own; nothing is guessed fresh."),
        maxBytes: whole(1024 * MiB)
          .default(16 * MiB)
          .describe("Bytes of all kept answers."),
      })
      .prefault({})
      .describe("Caching by the rules of HTTP."),
    redirects: z
      .enum(["refuse", "same_origin"])
      .default("refuse")
      .describe("same_origin: followed within the base URL, for GET and HEAD, at most three."),
  })
  .describe("How this API is reached.");
export type UpstreamConfig = z.output<typeof upstreamConfig>;
