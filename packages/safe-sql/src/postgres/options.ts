import type { SourceRules } from "../rules/rules.ts";
import type { SourceLimits } from "../source.ts";

/** How a PostgreSQL database is served. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database`. Shown nowhere. TLS is on and verified unless the host is a loopback address or a
   * socket (`?host=/run/postgresql`). Nothing of the connection comes from the environment (PGHOST, PGSSLMODE, .pgpass ...).
   */
  readonly url: string;
  readonly tls?: {
    /** PEM of the authorities to trust. Default: those of Node. */
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
  /** Plain text to a host that is not on this machine. */
  readonly dangerouslyAllowPlainText?: boolean;
  readonly rules?: SourceRules;
  readonly limits?: Partial<SourceLimits>;
  /** Schemas that statements see, first one first. Default `public`. */
  readonly schemas?: readonly string[];
  readonly writable?: boolean;
  /** Most connections at once. Default 4. */
  readonly poolSize?: number;
  /** Milliseconds to connect, and to wait for a free connection, before the answer is `unavailable`. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** `work_mem` of each transaction, in MiB. Default 32. */
  readonly workMemMiB?: number;
  /** Signs cursors, at least 32 bytes; replicas share it. Default: drawn at start, so that a cursor ends with its process. */
  readonly cursorKey?: Uint8Array;
}

export const DEFAULT_POSTGRES = {
  schemas: ["public"] as readonly string[],
  poolSize: 4,
  connectTimeoutMs: 5000,
  workMemMiB: 32,
};
