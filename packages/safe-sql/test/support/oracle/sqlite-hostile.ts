import type { CorpusStatement } from "../../corpus/statement.ts";
import { faultOfPlan, type SqliteStand } from "./sqlite-stand.ts";

/** The bench says how soon it stops. Here a machine may be busy with other tests; unguarded, a bomb goes on for minutes. */
const STOPPED_MS = 15_000;

/**
 * What is wrong after a hostile statement: with its answer, its plan, the files, the time it took, or the next caller's answer.
 *
 * @param timeoutMs of a bomb: it must have ended soon after
 */
export async function faultsOfHostile(
  stand: SqliteStand,
  statement: CorpusStatement,
  timeoutMs?: number,
): Promise<string[]> {
  const start = performance.now();
  const answer = await stand.ask(statement, 20, timeoutMs);
  const took = performance.now() - start;
  const found = [
    await stand.fault(statement, answer),
    await faultOfPlan(stand.source, statement, stand.workshop.fill(statement.sql), timeoutMs),
  ];
  if (timeoutMs !== undefined && took > timeoutMs + STOPPED_MS) found.push(`took ${Math.round(took)} ms`);
  if (stand.filesChanged()) found.push("changed files");
  const next = await stand.ask({ name: "next", sql: "select count(*) from categories" }, 1);
  if (next.kind !== "rows" || next.rows[0]?.[0] !== 60) found.push(`left the source unable to answer: ${next.text}`);
  return found.filter((fault) => fault !== undefined).map((fault) => `${statement.name}: ${fault}`);
}
