import type { Root } from "@hardened-mcp/safe-path";
import { type AuditSink, createServer, type GuardedServer } from "@hardened-mcp/server";
import { redactOptions } from "@hardened-mcp/server/config";
import type { Security } from "@hardened-mcp/server/security";
import type { FilesystemConfig } from "./config/schema.ts";
import type { FilesContext } from "./context.ts";
import { fileResources } from "./resources.ts";
import { allTools } from "./tools/index.ts";
import { createListings } from "./walk/listings.ts";

/** Share of the deadline after which a search hands out what it has and a cursor. */
const PAGE_SHARE = 0.5;

/** A walk through a tree takes what ten small reads take, and no more than an operator who allows less than ten left for it. */
function walkCost({ callsPerMinute, costPerDay = callsPerMinute }: FilesystemConfig["limits"]): number {
  return Math.min(10, callsPerMinute, costPerDay);
}

/** The filesystem server on open roots, checked and compiled; `serve` puts it in service. */
export function createFilesystemServer(options: {
  readonly config: FilesystemConfig;
  readonly roots: readonly Root[];
  readonly audit: AuditSink;
  readonly version: string;
  /** Who may call what; see `openSecurity`. */
  readonly security?: Security["serverOptions"];
}): GuardedServer {
  const { config, roots, audit, version, security } = options;
  const listings = createListings();
  const context: FilesContext = {
    roots,
    list: listings.now,
    listSoon: listings.soon,
    maxReadBytes: config.maxReadBytes,
    maxSearchFileBytes: config.maxSearchFileBytes,
    maxResultBytes: config.limits.maxResultBytes,
    auditPaths: config.auditPaths,
    walkLimits: { cost: walkCost(config.limits) },
    pageMs: config.limits.deadlineMs * PAGE_SHARE,
  };
  return createServer({
    name: "hardened-mcp-filesystem",
    version,
    instructions:
      "Paths are absolute, or relative to an allowed directory; see list_allowed_directories. Reading only.",
    tools: allTools(context),
    resources: [fileResources(context)],
    audit,
    limits: config.limits,
    redact: redactOptions(config.redact),
    markUntrusted: config.markUntrusted,
    ...security,
  });
}
