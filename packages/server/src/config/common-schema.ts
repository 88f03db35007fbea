import { z } from "zod";
import { auditConfig } from "./audit-schema.ts";
import {
  authConfig,
  localConfig,
  policyConfig,
  policyTimeZoneConfig,
  stateConfig,
  stepUpConfig,
  tlsConfig,
  toolsLockConfig,
  trustedProxiesConfig,
} from "./schema.ts";

const positive = (most: number) => z.int().min(1).max(most);
const words = z.array(z.string().min(1).max(1024)).max(1000);
const MiB = 1024 * 1024;

/** Bounds of every call. @param result what `maxResultBytes` means for this server */
export const limitsConfig = (result: string) =>
  z.strictObject({
    deadlineMs: positive(3_600_000).default(30_000).describe("Milliseconds one call may take."),
    callsPerMinute: positive(1_000_000).default(6000).describe("Calls a minute, per caller."),
    costPerDay: positive(1_000_000_000).exactOptional().describe("Calls a day, per caller. Default: no daily budget."),
    maxResultBytes: z
      .int()
      .min(64 * 1024)
      .max(4 * MiB)
      .default(2 * MiB)
      .describe(result),
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

/** Every key that is the same for all servers, besides `limits`. */
export const commonKeys = {
  redact: redact.prefault({}).describe("What is taken out of answers."),
  http: http.exactOptional().describe("Serve over HTTP in place of stdio."),
  auth: authConfig.exactOptional(),
  policy: policyConfig.exactOptional(),
  policyTimeZone: policyTimeZoneConfig.exactOptional(),
  stepUp: stepUpConfig.exactOptional(),
  local: localConfig.exactOptional(),
  toolsLock: toolsLockConfig.exactOptional(),
  state: stateConfig.exactOptional(),
  audit: auditConfig.exactOptional(),
  auditDir: z.string().min(1).exactOptional().describe("Folder of the audit log. Default: the user's state folder."),
};

/** {@link commonKeys} `redact`, as `createServer` takes it. */
export function redactOptions(config: z.output<typeof redact>) {
  return { secrets: { shapes: config.secrets }, personal: config.personal, hidden: config.hidden };
}
