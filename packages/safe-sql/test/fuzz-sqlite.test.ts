import { describe, expect, it } from "vitest";
import { SQLITE_HOSTILE } from "./corpus/hostile/sqlite/index.ts";
import { SQLITE_LEGIT } from "./corpus/legit/sqlite/index.ts";
import { fuzzSqlite } from "./fuzz/sqlite.ts";

/** `HARDENED_MCP_SQL_FUZZ=1000000` tries that many, from the seed in `HARDENED_MCP_SQL_SEED`; 2000 and 1 otherwise. */
const COUNT = Number(process.env["HARDENED_MCP_SQL_FUZZ"] ?? 2000);
const SEED = Number(process.env["HARDENED_MCP_SQL_SEED"] ?? 1);

describe("generated statements on SQLite", () => {
  it(`show, change and break nothing (${COUNT} from seed ${SEED})`, async () => {
    const report = await fuzzSqlite([...SQLITE_HOSTILE, ...SQLITE_LEGIT], SEED, COUNT);
    if (COUNT > 2000) console.log({ ...report, faults: report.faults.length });
    expect(report.faults).toEqual([]);
    // A fuzzer whose statements are all refused for their syntax would find nothing.
    expect(report.ends["rows"] ?? 0).toBeGreaterThan(report.tried / 10);
    expect(report.compared).toBeGreaterThan(report.tried / 10);
  }, 3_600_000);
});
