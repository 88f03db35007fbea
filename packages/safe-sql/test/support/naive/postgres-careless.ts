import pg from "pg";
import type { TestPostgres } from "../../postgres/support/postgres.ts";
import { fingerprint } from "../oracle/folder.ts";
import { stateOf } from "../oracle/postgres-stand.ts";
import type { NaiveOutcome } from "./outcome.ts";

/** Runs statements as peers do: as they come, in a read-only transaction, for a role that may do anything. */
export interface Careless {
  run(sql: string): Promise<{ readonly outcome: NaiveOutcome; readonly changed: boolean }>;
  close(): Promise<void>;
}

const AS_TEXT = { getTypeParser: () => (text: string) => text };
const TIMEOUT_MS = 250;
const ADMIN_SHUTDOWN = "57P01";

/** @param folder that the server may write to. A database that was changed is made again from `origin`. */
export async function careless(server: TestPostgres, folder: string): Promise<Careless> {
  const url = server.url.replace(/\/[^/]*$/, "/naive");
  await server.admin("create database naive template origin");
  await server.admin(`alter database naive set statement_timeout = ${TIMEOUT_MS}`);
  let client = await connect(url);
  const clean = { files: fingerprint(folder), state: await stateOf(client), session: await sessionOf(client) };

  async function again(): Promise<void> {
    await client.end().catch(() => {});
    await admin("drop database if exists naive with (force)");
    await admin("create database naive template origin");
    await admin(`alter database naive set statement_timeout = ${TIMEOUT_MS}`);
    client = await connect(url);
  }

  /** The superuser's connection may be among what a statement has just ended, with the news of it still on the way. */
  async function admin(sql: string): Promise<void> {
    await server.admin(sql).catch((error: pg.DatabaseError) => {
      if (error.code !== ADMIN_SHUTDOWN) throw error;
      return server.admin(sql);
    });
  }

  return {
    async run(sql) {
      const answered = await inTransaction(client, sql);
      const files = fingerprint(folder);
      const [state, session] = await Promise.all([stateOf(client), sessionOf(client)].map(orGone));
      const changed = state !== clean.state || files !== clean.files;
      if (changed) await again();
      else if (session !== clean.session) {
        await client.end().catch(() => {});
        client = await connect(url);
      }
      clean.files = files;
      const outcome =
        answered.kind === "rows" || answered.kind === "error"
          ? { ...answered, session: session !== clean.session }
          : answered;
      if (changed) clean.state = await stateOf(client);
      return { outcome, changed };
    },
    close: () => client.end(),
  };
}

function orGone(asked: Promise<string>): Promise<string> {
  return asked.catch(() => "gone");
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function inTransaction(client: pg.Client, sql: string): Promise<NaiveOutcome> {
  try {
    await client.query("begin read only");
    const results = await client.query({ text: sql, rowMode: "array", types: AS_TEXT as never });
    const all = (Array.isArray(results) ? results : [results]) as pg.QueryArrayResult<unknown[]>[];
    return { kind: "rows", rows: all.flatMap(({ rows }) => rows), session: false };
  } catch (error) {
    const { code, message } = error as pg.DatabaseError;
    return code === "57014" ? { kind: "hang" } : { kind: "error", message, session: false };
  } finally {
    // As peers do: what a statement did to the session stays.
    await client.query("commit").catch(() => {});
  }
}

/** What a statement can leave behind for the next caller of the same connection. */
async function sessionOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query(`select
    (select string_agg(name || '=' || setting, ',' order by name) from pg_settings where source = 'session') as settings,
    (select count(*) from pg_locks where locktype = 'advisory') as locks, (select count(*) from pg_prepared_statements) as prepared,
    (select count(*) from pg_cursors where name <> '') as cursors, (select string_agg(c, ',') from pg_listening_channels() c) as channels,
    current_user as "user", session_user as "session", current_schemas(true)::text as schemas`);
  return JSON.stringify(rows);
}
