import { DEFAULT_DENY } from "@hardened-mcp/safe-path";
import {
  auditConfig,
  authConfig,
  localConfig,
  policyConfig,
  policyTimeZoneConfig,
  stateConfig,
  stepUpConfig,
  tlsConfig,
  trustedProxiesConfig,
} from "@hardened-mcp/server/config";
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

const limits = z.strictObject({
  deadlineMs: positive(3_600_000).default(30_000).describe("Milliseconds one call may take."),
  callsPerMinute: positive(1_000_000).default(6000).describe("Calls a minute, per caller."),
  costPerDay: positive(1_000_000_000).exactOptional().describe("Calls a day, per caller. Default: no daily budget."),
  maxResultBytes: z
    .int()
    .min(64 * 1024)
    .max(4 * MiB)
    .default(2 * MiB)
    .describe("Bytes of text in one answer; a file of 1 MiB is never cut."),
  concurrency: positive(1024).default(32).describe("Calls of one tool that run at once."),
});

const http = z.strictObject({
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("Address to bind. Any but loopback needs auth, allowedHosts, and tls or trustedProxies."),
  port: z.int().min(0).max(65_535).default(3000).describe("Port to bind; 0 picks a free one."),
  allowedHosts: words
    .exactOptional()
    .describe("Exact Host values accepted. Default: the loopback names with the port."),
  allowedOrigins: words
    .exactOptional()
    .describe("Exact Origin values accepted. Default: the loopback names with the port."),
  tls: tlsConfig.exactOptional(),
  trustedProxies: trustedProxiesConfig.exactOptional(),
  monitorPort: z
    .int()
    .min(0)
    .max(65_535)
    .exactOptional()
    .describe("Loopback port of /healthz, /readyz and /metrics. Default: none."),
});

const redact = z.strictObject({
  secrets: z.boolean().default(true).describe("Mask tokens and keys of well-known shape."),
  personal: z
    .array(z.enum(["email", "phone", "iban", "credit_card", "ip", "us_ssn"]))
    .default([])
    .describe("Kinds of personal data to mask."),
  hidden: z
    .enum(["escape", "remove", "keep"])
    .default("escape")
    .describe("What becomes of invisible characters, in which instructions to a model are hidden."),
});

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
    limits: limits.prefault({}).describe("Bounds of every call."),
    redact: redact.prefault({}).describe("What is taken out of answers."),
    markUntrusted: z.boolean().default(false).describe("Wrap file contents in a mark that says they are data."),
    http: http.exactOptional().describe("Serve over HTTP in place of stdio."),
    auth: authConfig.exactOptional(),
    policy: policyConfig.exactOptional(),
    policyTimeZone: policyTimeZoneConfig.exactOptional(),
    stepUp: stepUpConfig.exactOptional(),
    local: localConfig.exactOptional(),
    state: stateConfig.exactOptional(),
    audit: auditConfig.exactOptional(),
    auditDir: z.string().min(1).exactOptional().describe("Folder of the audit log. Default: the user's state folder."),
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
