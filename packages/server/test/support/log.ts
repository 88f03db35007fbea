import { type Logger, pino } from "pino";

/** A pino log whose lines end up in an array. */
export interface CapturedLog {
  readonly log: Logger;
  readonly lines: string[];
  entries(): Record<string, unknown>[];
}

export function captureLog(level = "trace"): CapturedLog {
  const lines: string[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(line) });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}
