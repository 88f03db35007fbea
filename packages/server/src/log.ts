import { type Logger, pino } from "pino";
import { stderrDestination } from "./log/stderr.ts";

/**
 * The operator's log: JSON lines on standard error, in both transports. Standard output belongs to the protocol.
 *
 * Never stops the server: a reader that does not read, or a disk that is full, costs lines, which are counted and
 * reported, and no answers. Never holds arguments, results or tokens.
 */
export function createLog(name: string, level = "info"): Logger {
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: toAscii },
    },
    stderrDestination(),
  );
}

/** JSON leaves C1 controls, bidi marks and U+2028 as they are; a terminal or a log viewer does not (CWE-117). */
function toAscii(line: string): string {
  return line.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
