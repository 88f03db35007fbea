import type { Logger } from "pino";
import type { AuditSink } from "../call/guard.ts";
import type { AuthConfig, LocalConfig, StateConfig } from "./schema.ts";

/** The part of a server's configuration that says who may call what. */
export interface SecurityConfig {
  readonly auth?: AuthConfig;
  /** A Cedar file, or a folder of them. */
  readonly policy?: string;
  /** Default: UTC. */
  readonly policyTimeZone?: string;
  readonly stepUp?: readonly string[];
  readonly local?: LocalConfig;
  readonly state?: StateConfig;
}

/** What `openSecurity` stands on. */
export interface SecurityContext {
  /** How policies and switches name this server, such as `filesystem`. */
  readonly server: string;
  readonly audit: AuditSink;
  readonly log: Logger;
}

/** Whether a configuration says anything of it, certificates included; without, a server's own defaults do. */
export function namesSecurity(config: SecurityConfig & { readonly http?: { readonly tls?: unknown } }): boolean {
  const { auth, policy, stepUp, local, state, http } = config;
  return [auth, policy, stepUp, local, state, http?.tls].some((part) => part !== undefined);
}
