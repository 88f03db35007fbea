import type { SourceRules } from "../rules/rules.ts";
import type { SourceLimits } from "../source.ts";

/** How a PostgreSQL database is served. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. Shown nowhere. TLS is on and verified unless the host is a loopback address or a socket. */
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
  /** `work_mem` of each transaction, in MiB. Default 32. */
  readonly workMemMiB?: number;
  /** Key of `hash` masks, at least 32 bytes. */
  readonly maskKey?: Uint8Array;
}
