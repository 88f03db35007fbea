import { buildLog } from "./build-log.ts";

/** Records of a segment of 64 MiB. */
const SEGMENT = 150_000;

/** A signed log of about `records` records, for measuring: a checkpoint each 1,000, a segment each 150,000. */
export function generateLog(dir: string, records: number): void {
  const log = buildLog(dir);
  while (log.size < records) {
    log.calls(Math.min(500, Math.ceil((records - log.size) / 2)));
    if (log.size % SEGMENT < 1000 && log.size > SEGMENT) log.roll();
    else log.checkpoint();
  }
  log.stop();
}
