import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LineClient } from "./line-client.ts";

const require = createRequire(import.meta.url);

/** One of the two servers, as it is started and asked. */
export interface DatabaseServer {
  /** Fresh, with its tools listed. */
  start(): Promise<LineClient>;
  /** The tool that takes a statement as `sql`. */
  readonly tool: string;
  /** The rows of the answer. */
  query(client: LineClient, sql: string): Promise<readonly unknown[]>;
}

/** `@bytebase/dbhub`, read-only, at most 1,000 rows, as its TOML has it. */
export function dbhub(folder: string, dsn: string): DatabaseServer {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "dbhub.toml");
  writeFileSync(
    config,
    [
      "[[sources]]",
      'id = "bench"',
      `dsn = ${JSON.stringify(dsn)}`,
      "[[tools]]",
      'name = "execute_sql"',
      'source = "bench"',
      "readonly = true",
      "max_rows = 1000",
      "",
    ].join("\n"),
  );
  const cli = join(dirname(require.resolve("@bytebase/dbhub/package.json")), "dist/index.js");
  return {
    start: () => open([cli, "--transport", "stdio", "--config", config]),
    tool: "execute_sql",
    async query(client, sql) {
      const { result } = await client.call("execute_sql", { sql });
      const answer = JSON.parse(result?.content?.[0]?.text ?? "") as { data: { statements: { rows: unknown[] }[] } };
      return answer.data.statements[0]?.rows ?? [];
    },
  };
}

/** Where the data is: a file of SQLite, or a URL of PostgreSQL. */
export type Database = { readonly file: string } | { readonly url: string };

/** Ours, its audit log on disk before each answer, with the highest rate that can be configured. */
export function ours(folder: string, database: Database, limits: object = {}): DatabaseServer {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "config.json");
  const urlFile = join(folder, "url");
  if ("url" in database) writeFileSync(urlFile, database.url, { mode: 0o600 });
  const bench = "url" in database ? { type: "postgres", urlFile } : { type: "sqlite", file: database.file };
  writeFileSync(
    config,
    JSON.stringify({ limits: { callsPerMinute: 1_000_000 }, sources: { bench: { ...bench, limits } } }),
  );
  const cli = join(dirname(require.resolve("@hardened-mcp/database/package.json")), "dist/cli.js");
  return {
    start: () => open([cli, "--config", config, "--audit-dir", join(folder, "audit")]),
    tool: "query",
    async query(client, sql) {
      const { result } = await client.call("query", { sql });
      return (result?.structuredContent as { rows: unknown[] } | undefined)?.rows ?? [];
    },
  };
}

async function open(command: readonly string[]): Promise<LineClient> {
  const client = new LineClient(process.execPath, command);
  await client.open();
  await client.request("tools/list");
  return client;
}
