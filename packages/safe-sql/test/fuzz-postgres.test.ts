import { describe, expect, it } from "vitest";
import { POSTGRES_HOSTILE } from "./corpus/hostile/postgres/index.ts";
import { POSTGRES_LEGIT } from "./corpus/legit/postgres/index.ts";
import { fuzzPostgres } from "./fuzz/postgres.ts";

/** `HARDENED_MCP_SQL_FUZZ=1000000` tries that many, from the seed in `HARDENED_MCP_SQL_SEED`; 1000 and 1 otherwise. */
const COUNT = Number(process.env["HARDENED_MCP_SQL_FUZZ"] ?? 1000);
const SEED = Number(process.env["HARDENED_MCP_SQL_SEED"] ?? 1);

describe("generated statements on PostgreSQL", () => {
  it(`show, change and break nothing (${COUNT} from seed ${SEED})`, async () => {
    const report = await fuzzPostgres([...POSTGRES_HOSTILE, ...POSTGRES_LEGIT], SEED, COUNT);
    if (COUNT > 1000) console.log({ ...report, faults: report.faults.length });
    expect(report.faults).toEqual([]);
    // A fuzzer whose statements are all refused for their syntax would find nothing.
    expect(report.compared).toBeGreaterThan(report.tried / 50);
  }, 3_600_000);
});
