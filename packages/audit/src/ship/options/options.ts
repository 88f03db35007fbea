import type { TargetStatus } from "../status.ts";

/** Certificates, PEM files. They are read anew for each connection, so that they can be replaced. */
export interface TlsFiles {
  /** Authority that the target's certificate must come from. Default: Node's. */
  readonly caFile?: string | undefined;
  /** This side's certificate, where the target asks for one. */
  readonly certFile?: string | undefined;
  /** Its private key; readable by its owner only. */
  readonly keyFile?: string | undefined;
}

/** Where and how to send over HTTP. */
export interface HttpTarget extends TlsFiles {
  /** https; http only to this machine. */
  readonly url: string;
  /** File with a bearer token; readable by its owner only, read anew for each request. */
  readonly bearerFile?: string | undefined;
  /** Further headers: name to file with the value. */
  readonly headerFiles?: Readonly<Record<string, string>> | undefined;
  /** Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** A collector of OpenTelemetry logs; `url` is whole, `https://collector.example:4318/v1/logs`. */
export interface OtlpTarget extends HttpTarget {
  /** Default 512. */
  readonly batchRecords?: number | undefined;
}

/** A receiver of syslog over TLS (RFC 5424, RFC 5425). */
export interface SyslogTarget extends TlsFiles {
  /** Name in its certificate, or address. */
  readonly host: string;
  /** Default 6514. */
  readonly port?: number | undefined;
  /** Default 13, "log audit". */
  readonly facility?: number | undefined;
  /** Private enterprise number (IANA) in the name of the structured data. Default 32473, the number for examples. */
  readonly enterprise?: number | undefined;
  /** HOSTNAME of each message. Default: this machine's. */
  readonly hostname?: string | undefined;
  /** Longer messages are cut and say so. Default 65,536. */
  readonly maxMessageBytes?: number | undefined;
  /** How long a connection must live after a batch before the batch counts as received. Default 250. */
  readonly settleMs?: number | undefined;
  /** For handshake and writing. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

interface Named {
  /** Names cursor and lock, `ship-NAME.json`: lower-case letters, digits, `-`, at most 32. Default: the kind. */
  readonly name?: string | undefined;
}

/** Where records go. */
export type ExportTarget = Named & ({ readonly otlp: OtlpTarget } | { readonly syslog: SyslogTarget });

/** Where checkpoints go. `file`: a file of notes, in an existing folder that only this user can change. */
export type AnchorTarget = Named &
  (
    | { readonly file: string }
    | ({ readonly url: string } & HttpTarget)
    | { readonly otlp: OtlpTarget }
    | { readonly syslog: SyslogTarget }
  );

/** Options of {@link startShipping}. */
export interface ShippingOptions {
  /** Folder of a log, or of sub-logs `0`, `1`, ... Logs that appear later are found. */
  readonly dir: string;
  readonly exports?: readonly ExportTarget[] | undefined;
  readonly anchors?: readonly AnchorTarget[] | undefined;
  /** Told when a target goes away, when it is back, and of every gap. Must not throw. */
  readonly onStatus?: ((status: TargetStatus) => void) | undefined;
}
