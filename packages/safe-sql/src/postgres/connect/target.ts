import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { SqlError } from "../../errors.ts";
import type { PostgresOptions } from "../options.ts";

/** Where to connect, with everything said outright: what is left open, `pg` would ask the environment for. */
export interface Target {
  /** A host name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly ssl: ConnectionOptions | false;
}

/** Modes of `sslmode` that ask for TLS; all of them mean "verified" here. */
const TLS_MODES: readonly string[] = ["require", "verify-full"];
const PARAMETERS: readonly string[] = ["sslmode", "host", "port"];
const DEFAULT_PORT = 5432;

/**
 * Reads the URL. @throws {SqlError} `invalid_option`; the hint names the part that is wrong and never holds its value.
 */
export function readTarget({ url, tls, dangerouslyAllowPlainText = false }: PostgresOptions): Target {
  if (!URL.canParse(url)) throw invalid("url: not a URL");
  const { protocol, hostname, port, pathname, username, password, searchParams, hash } = new URL(url);
  if (protocol !== "postgres:" && protocol !== "postgresql:") throw invalid("url: must start with postgres://");
  if (hash !== "") throw invalid("url: write # as %23");
  for (const name of searchParams.keys()) {
    if (!PARAMETERS.includes(name) || searchParams.getAll(name).length > 1)
      throw invalid(`url: only these parameters, once each: ${PARAMETERS.join(", ")}`);
  }
  const host = searchParams.get("host") ?? decoded(hostname).replace(/^\[(.*)\]$/, "$1");
  const user = decoded(username);
  const database = decoded(pathname.slice(1));
  if (host === "") throw invalid("url: no host");
  if (user === "") throw invalid("url: no user");
  if (database === "") throw invalid("url: no database");
  const isLocal = isSocket(host) || isLoopback(host);
  const mode = searchParams.get("sslmode");
  if (mode !== null && !TLS_MODES.includes(mode) && !(mode === "disable" && (isLocal || dangerouslyAllowPlainText)))
    throw invalid("url: sslmode may only be verify-full or require, and both verify");
  const isPlain =
    isSocket(host) ||
    (mode === null ? (isLocal && tls === undefined) || dangerouslyAllowPlainText : mode === "disable");
  return {
    host,
    port: portNumber(searchParams.get("port") ?? port),
    database,
    user,
    password: decoded(password),
    ssl: isPlain ? false : tlsOptions(host, tls),
  };
}

function tlsOptions(host: string, tls: PostgresOptions["tls"]): ConnectionOptions {
  const serverName = tls?.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    // Said again: NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise switch verification off.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

export function isSocket(host: string): boolean {
  return host.startsWith("/");
}

/** `localhost` by name is not asked of DNS by Node where the hosts file has it; it is this machine by RFC 6761. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function portNumber(text: string): number {
  const port = text === "" ? DEFAULT_PORT : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid("url: not a port");
  return port;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("url: not percent-encoded");
  }
}

function invalid(hint: string): SqlError {
  return new SqlError("invalid_option", { hint });
}
