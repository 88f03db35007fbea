import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import { LEGITIMATE } from "./support/legitimate.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE, SAMPLE_RULES } from "./support/sample.ts";

let server: TestPostgres;
let plain: SqlSource;
let ruled: SqlSource;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  await server.admin("create role other login password 'password'");
  plain = await openRight(server);
  ruled = await openRight(server, { url: server.urlOf("other"), rules: SAMPLE_RULES });
});
afterAll(async () => {
  await plain?.close();
  await ruled?.close();
  await server?.stop();
});

it.each(LEGITIMATE)("runs, with rules and without: %s", async (sql) => {
  for (const source of [plain, ruled]) {
    const page = await source.query({ sql, caller: CALLER });
    expect(page.columns.length).toBeGreaterThan(0);
  }
});
