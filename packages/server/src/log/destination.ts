/** Where log lines go. Nothing here throws and nothing waits: a log that fails must not cost an answer. */
export interface Destination {
  write(text: string | Uint8Array): void;
  /** Resolves when what was written has left, or after `ms`. */
  flush(ms: number): Promise<void>;
}

/** What stands in the log for lines that could not be written: the loss is never silent. */
export function droppedLine(dropped: number): string {
  const what = dropped === 1 ? "1 log line was dropped" : `${dropped} log lines were dropped`;
  return `${JSON.stringify({ level: 40, time: new Date().toISOString(), pid: process.pid, dropped, msg: what })}\n`;
}
