import { StateError } from "../state-error.ts";

/** Where a server is, and as whom to talk to it. */
export interface Address {
  /** Name or IP address, or the folder of a Unix socket (`/...`). */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** PostgreSQL: a name. Redis: a number. */
  readonly database: string;
  readonly tls: boolean;
}

/** A state URL, understood. */
export type StateUrl =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly path: string }
  | ({ readonly kind: "postgres" } & Address)
  | ({ readonly kind: "redis" } & Address);

const FORMS = "memory:, sqlite:///absolute/path.db, postgres://host/database?sslmode=verify-full, rediss://host:6379/0";

/** PostgreSQL's modes that always encrypt. Here every one of them verifies the certificate and the name in it. */
const ENCRYPTED = new Set(["require", "verify-ca", "verify-full"]);

/**
 * Reads a state URL. Nothing of it but scheme and parameter names is ever repeated in an error: it holds a password.
 *
 * @throws {StateError} `invalid`
 */
export function parseStateUrl(text: string): StateUrl {
  const url = URL.parse(text);
  if (!url)
    throw invalid(
      `The state URL is not a URL. Right are: ${FORMS}. In a password, # / ? % are written %23 %2F %3F %25.`,
    );
  if (url.hash !== "") throw invalid("The state URL has a # part, which means nothing here.");
  switch (url.protocol) {
    case "memory:":
      if (url.href !== "memory:") throw invalid("The memory store is just: memory:");
      return { kind: "memory" };
    case "sqlite:":
      return { kind: "sqlite", path: filePath(url) };
    case "postgres:":
    case "postgresql:":
      return { kind: "postgres", ...postgresAddress(url) };
    case "redis:":
    case "rediss:":
      return { kind: "redis", ...redisAddress(url) };
    default:
      throw invalid(`There is no state store "${url.protocol}". Right are: ${FORMS}.`);
  }
}

function filePath(url: URL): string {
  refuseParameters(url, []);
  const path = decode(url.pathname);
  if (url.host !== "" || !path.startsWith("/") || path.endsWith("/") || path.includes("\0")) {
    throw invalid("The path of a SQLite store is absolute: sqlite:///var/lib/notes/state.db");
  }
  return path;
}

function postgresAddress(url: URL): Address {
  refuseParameters(url, ["sslmode", "host"]);
  const mode = url.searchParams.get("sslmode") ?? "disable";
  if (mode !== "disable" && !ENCRYPTED.has(mode)) {
    // prefer and allow: whoever is on the way answers "no TLS here" and reads on.
    throw invalid("sslmode of the state URL is verify-full or disable; prefer and allow can be talked out of TLS.");
  }
  const database = decode(url.pathname.slice(1));
  if (database === "" || database.includes("/")) throw invalid("The state URL names no database: postgres://host/NAME");
  return {
    ...address(url, 5432),
    host: url.searchParams.get("host") ?? hostOf(url),
    database,
    tls: mode !== "disable",
  };
}

function redisAddress(url: URL): Address {
  refuseParameters(url, []);
  const database = url.pathname.slice(1) || "0";
  if (!/^\d{1,4}$/.test(database)) throw invalid("The database of a Redis URL is a number: rediss://host:6379/0");
  return { ...address(url, 6379), host: hostOf(url), database, tls: url.protocol === "rediss:" };
}

function address(url: URL, defaultPort: number) {
  return {
    port: url.port === "" ? defaultPort : Number(url.port),
    user: url.username === "" ? undefined : decode(url.username),
    password: url.password === "" ? undefined : decode(url.password),
  };
}

function hostOf(url: URL): string {
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw invalid("The state URL names no host.");
  return host;
}

/** A misspelt `sslmode` would switch TLS off. */
function refuseParameters(url: URL, known: readonly string[]): void {
  for (const name of url.searchParams.keys()) {
    if (known.includes(name) && url.searchParams.getAll(name).length === 1) continue;
    throw invalid(
      `The state URL may not have the parameter "${name.slice(0, 32)}"${known.length > 0 ? `, only, once each: ${known.join(", ")}` : ""}.`,
    );
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("The state URL has a % that is not followed by two hexadecimal digits. A % itself is written %25.");
  }
}

function invalid(message: string): StateError {
  return new StateError("invalid", message);
}
