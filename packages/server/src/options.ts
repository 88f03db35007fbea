import type { LocalPrincipalOptions } from "@hardened-mcp/auth/principal";
import type { RateLimiter, RateRule } from "@hardened-mcp/limits";
import type { ManifestOperation, Policy } from "@hardened-mcp/policy";
import type { RedactorOptions } from "@hardened-mcp/redact";
import type { Logger } from "pino";
import type { Approver } from "./approval.ts";
import type { AuditSink } from "./call/guard.ts";
import type { PromptDefinition } from "./define/prompt.ts";
import type { ResourceDefinition } from "./define/resource.ts";
import type { ToolDefinition } from "./define/tool.ts";
import type { Effect } from "./effect.ts";

/** Bounds that hold for every call unless its definition is stricter or wider. */
export interface ServerLimits {
  /** Milliseconds a handler may run. */
  readonly deadlineMs: number;
  /** Bytes of text in one answer. */
  readonly maxResultBytes: number;
  /** Calls of one operation that run at once, all principals together. */
  readonly concurrency: number;
  /** Calls of one operation that wait for a place; the next one is refused. */
  readonly queue: number;
  /** Milliseconds a call waits for a place. */
  readonly maxWaitMs: number;
  /** Milliseconds a call waits, in its place, for a human to agree to it. */
  readonly approvalWaitMs: number;
  /** Cost a minute that one principal may spend on the operations of one effect; `undefined`: by effect (see `EFFECT_RULES`). */
  readonly callsPerMinute: number | undefined;
  /** Cost a day that one principal may spend on everything; `undefined`: no daily budget. */
  readonly costPerDay: number | undefined;
  /** Milliseconds for which a policy goes on with what it last knew, for reads, while shared state is away. */
  readonly staleStateMs: number;
}

/** Every default of the call path. */
export const SERVER_LIMITS: ServerLimits = {
  deadlineMs: 30_000,
  maxResultBytes: 1024 * 1024,
  concurrency: 32,
  queue: 256,
  maxWaitMs: 5_000,
  approvalWaitMs: 300_000,
  callsPerMinute: undefined,
  costPerDay: undefined,
  staleStateMs: 300_000,
};

/** Every bound in {@link ServerLimits}. */
export const SERVER_LIMIT_KEYS: Readonly<Record<keyof ServerLimits, true>> = {
  deadlineMs: true,
  maxResultBytes: true,
  concurrency: true,
  queue: true,
  maxWaitMs: true,
  approvalWaitMs: true,
  callsPerMinute: true,
  costPerDay: true,
  staleStateMs: true,
};

/** Something outside that answers depend on. */
export interface Dependency {
  /** Shown by `/readyz`: a name of the configuration, never an address. */
  readonly name: string;
  /** Whether a call could be answered now. Cheap; asked at most once a second. A rejection is a no. */
  isUp(): Promise<boolean>;
}

/** Every option of `createServer`; the compiler holds the list complete. */
export const SERVER_OPTIONS: Readonly<Record<keyof ServerOptions, true>> = {
  name: true,
  version: true,
  instructions: true,
  tools: true,
  resources: true,
  prompts: true,
  audit: true,
  log: true,
  enable: true,
  policy: true,
  rateLimiter: true,
  approver: true,
  local: true,
  stepUp: true,
  limits: true,
  dependencies: true,
  redact: true,
  markUntrusted: true,
};

/** What a server is made of. */
export interface ServerOptions {
  /** Name and version as clients see them. */
  readonly name: string;
  readonly version: string;
  /** For the model: how to use the server. Plain text; hidden characters are refused. */
  readonly instructions?: string;
  readonly tools?: readonly ToolDefinition[];
  readonly resources?: readonly ResourceDefinition[];
  readonly prompts?: readonly PromptDefinition[];
  /** Where everything is put on record. There is no default and no way without. */
  readonly audit: AuditSink;
  /** Default: JSON lines on standard error. */
  readonly log?: Logger;
  /** Effects besides `read` whose tools are registered. Default: none. */
  readonly enable?: readonly Exclude<Effect, "read">[];
  /**
   * Or how to make one from what is registered. Default: the scope must be held, and `destroy` and `external` need a
   * human's yes.
   */
  readonly policy?: Policy | ((operations: readonly ManifestOperation[]) => Policy);
  /** Makes the limiter of the server's rules. Default: in this process; a shared one makes replicas one. */
  readonly rateLimiter?: (rules: Readonly<Record<string, RateRule>>) => RateLimiter;
  /** Default: nobody can be asked, so the answer is `approval_required`. */
  readonly approver?: Approver;
  /**
   * What the local user on stdio and an unauthenticated caller on loopback are given. Default: every scope of the
   * registered definitions, no role, no tenant.
   */
  readonly local?: Partial<LocalPrincipalOptions>;
  /**
   * Scopes a client may ask for later, when it needs them. A caller whose token lacks one sees the tools behind it all the
   * same, and a call is answered by a challenge that names the scope. Default: none, so a caller sees only what it may use.
   */
  readonly stepUp?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /** While one is away, `/readyz` says so; calls go on, and are answered as well as may be. Default: none. */
  readonly dependencies?: readonly Dependency[];
  /** Default: secrets of well-known shape are masked, hidden characters made visible. */
  readonly redact?: RedactorOptions;
  /** Wrap text of tools in a random delimiter that says it is data, not instructions. Default false. */
  readonly markUntrusted?: boolean;
}
