import { destination, type Logger, pino } from "pino";

/**
 * The operator's log: JSON lines on standard error, in both transports. Standard output belongs to the protocol.
 *
 * Written synchronously, so that the last lines before a crash are there. Never holds arguments, results or tokens.
 */
export function createLog(name: string, level = "info"): Logger {
  return pino(
    { name, level, base: { name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
}
