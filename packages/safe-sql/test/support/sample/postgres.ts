import type pg from "pg";
import { seeded } from "./random.ts";
import { SAMPLE_INDEXES, SAMPLE_TABLES, SAMPLE_VIEWS } from "./sqlite.ts";
import type { SampleSize, SampleTable, Value } from "./tables.ts";

const ONLY_HERE: readonly string[] = [
  "create index products_attributes on products using gin (attributes)",
  "create index reviews_search on reviews using gin (search)",
  "create materialized view secret_copy as select id, ssn from customers",
  "comment on table products is 'What is sold.'",
  "create sequence ticket_numbers",
  "create table audit_marks(n integer)",
];

/** Makes the sample in the first schema of the search path. Measured for the full size on two cores: 4.9 s. */
export async function makePostgresSample(client: pg.Client, size: SampleSize): Promise<void> {
  await client.query("begin");
  for (const [index, table] of SAMPLE_TABLES.entries()) {
    await client.query(table.postgres);
    await copyIn(client, `copy ${table.name}(${table.columns.join(", ")}) from stdin`, lines(table, size, index));
  }
  for (const sql of [...SAMPLE_INDEXES, ...SAMPLE_VIEWS, ...ONLY_HERE]) await client.query(sql);
  await client.query("commit");
  await client.query("analyze");
}

/** The rows in the text form of COPY, some hundreds of them a piece. */
function* lines(table: SampleTable, size: SampleSize, seed: number): Generator<Buffer> {
  let piece = "";
  for (const row of table.rows(size, seeded(seed + 1))) {
    piece += `${row.map(field).join("\t")}\n`;
    if (piece.length > 64 * 1024) {
      yield Buffer.from(piece);
      piece = "";
    }
  }
  yield Buffer.from(piece);
}

function field(value: Value): string {
  if (value === null) return "\\N";
  return typeof value === "number" ? String(value) : value.replaceAll("\\", "\\\\");
}

/** What `pg` calls while a COPY runs; it has no way of its own to send the data of one. */
function copyIn(client: pg.Client, sql: string, pieces: Iterable<Buffer>): Promise<void> {
  type Wire = { query(sql: string): void; sendCopyFromChunk(piece: Buffer): void; endCopyFrom(): void };
  return new Promise((resolve, reject) => {
    client.query({
      submit: (wire: Wire) => wire.query(sql),
      handleCopyInResponse(wire: Wire) {
        for (const piece of pieces) wire.sendCopyFromChunk(piece);
        wire.endCopyFrom();
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    } as unknown as pg.Submittable);
  });
}
