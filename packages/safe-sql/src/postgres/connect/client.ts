import type { Duplex } from "node:stream";
import pg from "pg";
import type { Target } from "./target.ts";

/** The parts of `pg` that its types leave out; `pg` is pinned to one version. */
export interface WireClient {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: Wire;
}

/** The messages of the extended protocol. */
export interface Wire {
  readonly stream: Duplex;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly (string | null)[] }): void;
  describe(message: { type: "P"; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  close(message: { type: "S"; name: string }): void;
  sync(): void;
}

/**
 * Settings of every session. They travel in the startup message, which outranks `ALTER ROLE ... SET` and `ALTER DATABASE ... SET`: a
 * database that sets `standard_conforming_strings = off` would read texts differently from the parser that judged them.
 */
const SESSION: Readonly<Record<string, string>> = {
  application_name: "hardened-mcp",
  client_encoding: "UTF8",
  standard_conforming_strings: "on",
  backslash_quote: "safe_encoding",
  default_transaction_read_only: "on",
  row_security: "on",
  DateStyle: "ISO, MDY",
  IntervalStyle: "iso_8601",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  // What keeps the planner's effort in bounds where a statement joins many tables: it hears no order to stop while it plans.
  from_collapse_limit: "8",
  join_collapse_limit: "8",
  geqo: "on",
  geqo_threshold: "12",
  geqo_effort: "5",
  geqo_pool_size: "0",
  geqo_generations: "0",
  // A scan that starts where another one is would give pages of a result without an order different rows each time.
  synchronize_seqscans: "off",
};

/**
 * A client that asks the environment for nothing. `pg` takes what a configuration leaves open from PG* variables (PGOPTIONS,
 * PGREPLICATION, PGAPPNAME ...) and from .pgpass; here the startup message is ours alone.
 */
class PinnedClient extends pg.Client {
  readonly #target: Target;

  constructor(target: Target, connectTimeoutMs: number) {
    super({
      host: target.host,
      port: target.port,
      user: target.user,
      database: target.database,
      // A function, since an empty text would send pg to PGPASSWORD and .pgpass.
      password: () => target.password,
      ssl: target.ssl,
      sslnegotiation: "postgres",
      client_encoding: "utf8",
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    } as pg.ClientConfig);
    this.#target = target;
  }

  /** Called by pg for the startup message. */
  getStartupConf(): Readonly<Record<string, string>> {
    return { user: this.#target.user, database: this.#target.database, ...SESSION };
  }
}

/** Connects. An error after this shows at the next use: nobody may be listening when an idle connection breaks. */
export async function connectClient(target: Target, connectTimeoutMs: number): Promise<pg.Client & WireClient> {
  const client = new PinnedClient(target, connectTimeoutMs) as unknown as pg.Client & WireClient;
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    // pg 8 leaves the socket open where it is asked for a password and has none: the process would never end, and each try would
    // hold a place in the server until its authentication_timeout.
    client.connection.stream.destroy();
    throw error;
  }
  return client;
}
