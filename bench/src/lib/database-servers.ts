import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LineClient } from "./line-client.ts";

const require = createRequire(import.meta.url);

/** One of the two servers, as it is started and asked. */
export interface DatabaseServer {
  /** Fresh, with its tools listed. */
  start(): Promise<LineClient>;
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
    async query(client, sql) {
      const { result } = await client.call("execute_sql", { sql });
      const answer = JSON.parse(result?.content?.[0]?.text ?? "") as { data: { statements: { rows: unknown[] }[] } };
      return answer.data.statements[0]?.rows ?? [];
    },
  };
}

async function open(command: readonly string[]): Promise<LineClient> {
  const client = new LineClient(process.execPath, command);
  await client.open();
  await client.request("tools/list");
  return client;
}
