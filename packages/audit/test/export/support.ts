import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditEvent, openAuditLog } from "../../src/index.ts";
import { GENESIS, leafHash } from "../../src/record/leaf.ts";
import { FIRST } from "../support.ts";
import { samples } from "./samples.ts";

export { FIRST };

/** Everything a server may record, as the writer takes it. */
export const allEvents: readonly AuditEvent[] = Object.values(samples)
  .flat()
  .filter(({ type }) => !type.startsWith("log.")) as AuditEvent[];

export const segmentName = (firstSeq: number): string => `audit-${String(firstSeq).padStart(20, "0")}.jsonl`;

/** Writes `events` as a log in `dir` and returns its lines. */
export async function logOf(dir: string, events: readonly AuditEvent[]): Promise<readonly string[]> {
  const log = await openAuditLog({ dir, server: "test" });
  for (const event of events) log.write(event);
  await log.close();
  return readFileSync(join(dir, FIRST), "latin1").split("\n").slice(0, -1);
}

/** Puts `lines` into segments that begin at the numbers `starts`, as rotation does. */
export function inSegments(dir: string, lines: readonly string[], starts: readonly number[]): void {
  mkdirSync(dir, { recursive: true });
  for (const [index, start] of starts.entries()) {
    const part = lines.slice(start, starts[index + 1]);
    writeFileSync(join(dir, segmentName(start)), part.map((line) => `${line}\n`).join(""), "latin1");
  }
}

/** Chains lines anew from the first on, as somebody would who may write to the folder. */
export function rechain(lines: readonly string[]): string[] {
  let prev = GENESIS;
  return lines.map((line) => {
    const body = line.replace(/"prev":"[^"]*","hash":"[^"]*"}$/, `"prev":"${prev}"`);
    prev = leafHash(body);
    return `${body},"hash":"${prev}"}`;
  });
}
