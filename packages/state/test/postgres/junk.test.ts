import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { junkRows } from "../suites/junk-rows.ts";
import { startPostgres } from "../support/postgres.ts";
import type { TestServer } from "../support/test-server.ts";

let server: TestServer;
let attacker: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  attacker = new pg.Client(server.url);
  await attacker.connect();
});
afterAll(async () => {
  await attacker.end();
  await server.stop();
});

junkRows("PostgreSQL", () => server.url, {
  set: async (column, literal, key) => {
    await attacker.query(`UPDATE hardened_mcp_state SET ${column} = ${literal} WHERE key = $1`, [Buffer.from(key)]);
  },
  noEnd: "'infinity'",
});
