import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE } from "./support/sample.ts";

let server: TestPostgres;
let source: SqlSource;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  await server.admin(
    "alter role reader set datestyle = 'German'; alter role reader set standard_conforming_strings = off; alter role reader set timezone = 'Asia/Tokyo'; alter role reader set bytea_output = 'escape'",
  );
  await server.admin("grant select on orders to reader");
  source = await openRight(server);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const CASES: readonly (readonly [sql: string, type: string, cell: unknown])[] = [
  ["null::int", "integer", null],
  ["''::text", "text", ""],
  ["9007199254740991::int8", "integer", 9007199254740991],
  ["9007199254740992::int8", "integer", "9007199254740992"],
  ["(-9223372036854775808)::int8", "integer", "-9223372036854775808"],
  ["0.10::numeric", "decimal", "0.10"],
  ["'NaN'::numeric", "decimal", "NaN"],
  ["0.1::float8", "float", 0.1],
  ["'NaN'::float8", "float", "NaN"],
  ["'-Infinity'::float4", "float", "-Infinity"],
  ["true", "boolean", true],
  ["'\\x00ff'::bytea", "blob", { base64: "AP8=" }],
  ["date '2026-01-02'", "date", "2026-01-02"],
  ["date '0044-03-15 BC'", "date", "0044-03-15 BC"],
  ["timestamp '2026-01-02 03:04:05.678901'", "timestamp", "2026-01-02T03:04:05.678901"],
  ["timestamptz '2026-01-02 03:04:05+02'", "timestamp", "2026-01-02T01:04:05Z"],
  ["timestamptz 'infinity'", "timestamp", "infinity"],
  ["time '03:04:05'", "time", "03:04:05"],
  ["interval '1 day 2 hours'", "text", "P1DT2H"],
  ["'{\"a\": 12345678901234567890}'::jsonb", "json", '{"a": 12345678901234567890}'],
  ["'7f3a0000-0000-4000-8000-000000000000'::uuid", "uuid", "7f3a0000-0000-4000-8000-000000000000"],
  ["array['a', 'NULL', null, '', 'x,y', 'q\"\\b', '{}']", "array", ["a", "NULL", null, "", "x,y", 'q"\\b', "{}"]],
  [
    "array[[1, 2], [3, null]]",
    "array",
    [
      [1, 2],
      [3, null],
    ],
  ],
  ["'{}'::int[]", "array", []],
  ["'[0:1]={7,8}'::int[]", "array", [7, 8]],
  ["array[9223372036854775807]", "array", ["9223372036854775807"]],
  ["array['\\x01'::bytea]", "array", [{ base64: "AQ==" }]],
  ["int4range(1, 5)", "text", "[1,5)"],
  ["'open'::order_state", "text", "open"],
  ["row(1, 'a')", "text", "(1,a)"],
  ["'a\\'::text || 'b'", "text", "a\\b"],
];

it.each(CASES)("gives %s exactly, whatever the role's own settings", async (sql, type, cell) => {
  const { columns, rows } = await source.query({ sql: `select ${sql} as x`, caller: CALLER });
  expect(columns).toEqual([{ name: "x", type }]);
  expect(rows).toEqual([[cell]]);
});

it("keeps parameters apart from SQL, and reads them by the type that is inferred", async () => {
  const params = ["1'; drop table orders; --", 2, true, null, "9007199254740993", { base64: "AP8=" }];
  const { rows } = await source.query({
    sql: "select $1::text, $2::int, $3::bool, $4::text, $5::int8, $6::bytea",
    params,
    caller: CALLER,
  });
  expect(rows).toEqual([["1'; drop table orders; --", 2, true, null, "9007199254740993", { base64: "AP8=" }]]);
});

it.each([
  ["too few", "select $1::int, $2::int", [1]],
  ["too many", "select $1::int", [1, 2]],
  ["none, where ours would come next", "select id, $1::int8 from orders", []],
  ["a gap", "select id, $3::int8 from orders", [1]],
  ["a NUL", "select $1::text", ["a\0b"]],
])("refuses parameters that do not fit: %s", async (_, sql, params) => {
  await expect(source.query({ sql, params, caller: CALLER })).rejects.toMatchObject({ code: "params" });
});
