import { destination, type Logger, pino } from "pino";

/**
 * The operator's log: JSON lines on standard error, in both transports. Standard output belongs to the protocol.
 *
 * Written synchronously, so that the last lines before a crash are there. Never holds arguments, results or tokens.
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
    destination({ fd: 2, sync: true }),
  );
}

/** JSON leaves C1 controls, bidi marks and U+2028 as they are; a terminal or a log viewer does not (CWE-117). */
function toAscii(line: string): string {
  return line.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
