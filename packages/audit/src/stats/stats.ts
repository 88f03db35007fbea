import { setImmediate } from "node:timers/promises";
import { listSegments } from "../folder/segment.ts";
import { type Gap, gaps } from "./gaps.ts";
import { histogram } from "./histogram.ts";
import { type LooseRecord, part, readRecords, text } from "./read-records.ts";
import { type Count, type TopCounter, topCounter } from "./top-counter.ts";
import { unfinishedCalls } from "./unfinished.ts";

/** Options of {@link logStats}. */
export interface StatsOptions {
  /** Only records with a wall time from here on, in milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Only records before this one. */
  readonly until?: number | undefined;
  /** Names to list of each kind. Default 20. */
  readonly top?: number | undefined;
}

/** Names by frequency. */
export interface Ranking {
  readonly top: readonly Count[];
  /** Counts may be too small by this much: there were more names than are kept apart. */
  readonly missed: number;
}

/** What happened, by one log. Counted, not verified. */
export interface LogStats {
  readonly dir: string;
  readonly segments: number;
  /** Records in the time asked for. */
  readonly records: number;
  readonly bytes: number;
  /** Wall time of the first and last of them. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly types: Ranking;
  readonly tools: Ranking;
  /** Outcomes and refusals by code. */
  readonly codes: Ranking;
  /** Subjects; clients where nobody is behind one. */
  readonly actors: Ranking;
  /** Refusals by step, rule and code. */
  readonly refusals: Ranking;
  /** Tools whose definition changed between two starts. */
  readonly changed: Ranking;
  /** Durations of calls in milliseconds, at most 10 % too high. */
  readonly latency: {
    readonly count: number;
    readonly p50: number | undefined;
    readonly p90: number | undefined;
    readonly p99: number | undefined;
    readonly max: number;
  };
  /** The longest times of a minute or more without a record, longest first, at most ten. */
  readonly gaps: readonly Gap[];
  /** Calls without an outcome, of the whole log. */
  readonly unfinished: number;
  /** Lines that are no record: run `audit verify`. */
  readonly unreadable: number;
}

/** Distinct names kept apart: a million subjects must not exhaust the memory of who counts them. */
const CAPACITY = 10_000;
const BREATH = 4096;

/**
 * Counts what is in the log whose segments are in `dir`, in one pass and in bounded memory.
 *
 * Believes the log: verify it first.
 *
 * @throws what the system throws when the folder cannot be read
 */
export async function logStats(dir: string, options: StatsOptions = {}): Promise<LogStats> {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, top = 20 } = options;
  const segments = listSegments(dir);
  const counters = Object.fromEntries(KINDS.map((kind) => [kind, topCounter(CAPACITY)])) as Record<Kind, TopCounter>;
  const durations = histogram();
  const silence = gaps();
  const intents = unfinishedCalls();
  const seen = { records: 0, bytes: 0, unreadable: 0, first: undefined as string | undefined, last: "" };
  let turn = 0;
  for (const { record, bytes } of readRecords(dir, segments)) {
    if (++turn % BREATH === 0) await setImmediate();
    if (record === undefined) {
      seen.unreadable++;
      continue;
    }
    intents.see(record);
    const ts = text(record, "ts") ?? "";
    const at = Date.parse(ts);
    if (at < since || at >= until) continue;
    seen.records++;
    seen.bytes += bytes;
    seen.first ??= ts;
    seen.last = ts;
    silence.see(Number(record["seq"]), ts, text(record, "type") ?? "");
    for (const [kind, name] of namesOf(record)) counters[kind].add(name);
    const { ms } = part(record, "outcome");
    if (typeof ms === "number") durations.add(ms);
  }
  const ranking = (kind: Kind): Ranking => ({ top: counters[kind].top(top), missed: counters[kind].missed });
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map(durations.percentile);
  return {
    dir,
    segments: segments.length,
    records: seen.records,
    bytes: seen.bytes,
    first: seen.first,
    last: seen.records > 0 ? seen.last : undefined,
    types: ranking("types"),
    tools: ranking("tools"),
    codes: ranking("codes"),
    actors: ranking("actors"),
    refusals: ranking("refusals"),
    changed: ranking("changed"),
    latency: { count: durations.count, p50, p90, p99, max: durations.max },
    gaps: silence.longest(),
    unfinished: intents.count(),
    unreadable: seen.unreadable,
  };
}

const KINDS = ["types", "tools", "codes", "actors", "refusals", "changed"] as const;
type Kind = (typeof KINDS)[number];

/** What a record counts for. A call is counted once, by how it ended. */
function* namesOf(record: LooseRecord): Generator<readonly [Kind, string], void, void> {
  const type = text(record, "type") ?? "";
  yield ["types", type];
  const [tool, decision] = [text(part(record, "tool"), "name"), part(record, "decision")];
  const actor = part(record, "actor");
  const ended = type === "call.outcome" || type === "call.refused";
  if (tool !== undefined && ended) yield ["tools", tool];
  const who = text(actor, "subject") ?? text(actor, "client");
  // An outcome does not name who called; the intent does.
  if (who !== undefined && type !== "call.outcome") yield ["actors", who];
  const code = type === "call.outcome" ? text(part(record, "outcome"), "code") : text(decision, "code");
  if (code !== undefined && decision["effect"] !== "allow") yield ["codes", code];
  if (decision["effect"] === "deny") {
    yield ["refusals", [text(decision, "step"), text(decision, "rule"), code].map((one) => one ?? "-").join(" ")];
  }
  if (type === "tool.changed" && tool !== undefined) yield ["changed", tool];
}
