import { AuditError, type AuditLog } from "@hardened-mcp/audit/writing";
import type { Logger } from "pino";
import type { AuditConfig } from "../config/audit-schema.ts";
import { auditSecretFiles, openAudit } from "../config/open-audit.ts";
import type { Security } from "../config/open-security.ts";
import { openShipping } from "../config/open-shipping.ts";
import type { TlsConfig } from "../config/schema.ts";
import { namesSecurity, type SecurityConfig } from "../config/security.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { HttpOptions } from "../http/options.ts";
import { createLog } from "../log.ts";
import { serve } from "../serve.ts";
import type { GuardedServer } from "../server.ts";
import type { ToolsLockOptions } from "../tools-lock/options.ts";
import { UsageError } from "./usage-error.ts";

/** The part of a configuration that is the same for every server, as its schema left it. */
export interface ServedConfig extends SecurityConfig {
  readonly auditDir: string;
  readonly audit?: AuditConfig;
  readonly http?: Omit<HttpOptions, "tls"> & { readonly tls?: TlsConfig };
  readonly toolsLock?: string;
}

/** What a server is made from, opened. */
export interface OpenedParts {
  readonly audit: AuditLog;
  readonly log: Logger;
  /** Who may call what. */
  readonly security: Security["serverOptions"];
}

/** A server to run. */
export interface ServerToRun {
  /** How policies, switches and the audit log name it, such as `filesystem`. */
  readonly server: string;
  /** Name of its command; on every line of its log. */
  readonly command: string;
  readonly config: ServedConfig;
  /** The effective configuration for the record, where it is another than `config`. */
  readonly recorded?: unknown;
  /** The file that it was read from. */
  readonly configFile: string | undefined;
  /** What was reviewed; `undefined`: no lock is configured. */
  readonly toolsLock?: ToolsLockOptions | undefined;
  /** The `--dangerously-` flags in force. */
  readonly weakening?: readonly string[];
  /** Refuses to go on where a client could reach one of these. @throws {ConfigError} */
  refuseServed(secrets: readonly string[]): void;
  create(parts: OpenedParts): Promise<GuardedServer> | GuardedServer;
  /** Closes what {@link create} has opened: on the way out, and where the start fails. */
  close?(): Promise<void>;
}

/**
 * Opens what a configuration names, and serves until the client goes or a signal comes. What it does not name is not loaded: most
 * servers on stdio stand on the defaults.
 *
 * @throws {ConfigError} something cannot be used. {AuditError} the log cannot be opened. Nothing is left open then.
 */
export async function runServer(run: ServerToRun): Promise<void> {
  const { server, config } = run;
  const { auditDir: dir, http } = config;
  const opening = namesSecurity(config) ? await import("../config/security-entry.ts") : undefined;
  const secrets = [...(opening?.secretFiles(config) ?? []), ...auditSecretFiles(config.audit)];
  const { configFile, toolsLock } = run;
  run.refuseServed([...secrets, ...[configFile, toolsLock?.file].filter((file) => file !== undefined)]);
  // A start that fails must end: a connection to a store that stays open would keep the process, which serves nothing.
  await using opened = new AsyncDisposableStack();
  const audit = opened.adopt(await openAudit(config.audit, { dir, server }), closeAfterFailure);
  const log = createLog(run.command);
  const security = await opening?.openSecurity(config, { server, audit, log });
  if (security !== undefined) opened.adopt(security, closeAfterFailure);
  const shipping = await openShipping(config.audit ?? {}, { dir, audit, log });
  if (shipping !== undefined) opened.adopt(shipping, closeAfterFailure);
  if (run.close !== undefined) opened.defer(async () => run.close?.().catch(() => undefined));
  // Loaded while other processes and servers make `create` wait for them: a tenth of a start (measured).
  if (http === undefined) import("../stdio/serve-stdio.ts").catch(() => undefined);
  const guarded = await run.create({ audit, log, security: security?.serverOptions ?? {} });
  await serve(guarded, {
    ...(http === undefined ? { stdio: true } : { http: { ...http, ...security?.httpOptions } }),
    config: run.recorded ?? config,
    weakening: run.weakening ?? [],
    ...(toolsLock === undefined ? {} : { toolsLock }),
    onStop: async () => {
      await security?.close();
      await run.close?.();
      // The log first: its last records and its last checkpoint are to be sent, too.
      await audit.close();
      await shipping?.close();
    },
  });
  opened.move();
}

/** Why the start failed is the news; that something could then not be closed either is not. */
async function closeAfterFailure(opened: { close(): Promise<unknown> }): Promise<void> {
  await opened.close().catch(() => undefined);
}

/** The exit code for what a start has thrown, after sysexits.h; `--help` lists them. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError || thrown instanceof ConfigError) return thrown.exitCode;
  if (!(thrown instanceof AuditError)) return 1;
  return ["invalid", "wrong_server", "wrong_key"].includes(thrown.code) ? 78 : 73;
}
