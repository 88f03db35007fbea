import { fstatSync } from "node:fs";
import type { Destination } from "./destination.ts";
import { toFile } from "./file.ts";
import { toPipe } from "./pipe.ts";

const STDERR = 2;

/** One for the process, as its descriptor is: a second stream on the same pipe would never be told that it has room. */
let shared: Destination | undefined;

/** Standard error, made on first use. */
export function stderrDestination(): Destination {
  shared ??= open();
  return shared;
}

/** Resolves when standard error has taken what was written, or after `ms`; at once where nothing was. */
export async function flushStderr(ms: number): Promise<void> {
  await shared?.flush(ms);
}

/**
 * Node's own stream serves for a pipe: on POSIX it writes what the pipe takes at once and queues the rest (measured on
 * Node 24), and what `console.error` writes shares its queue and its order.
 */
function open(): Destination {
  if (isPipe()) return toPipe(process.stderr);
  // Others write to Node's stream too; on a full disk its event, unheard, would end the process.
  process.stderr.on("error", () => {});
  return toFile(STDERR);
}

function isPipe(): boolean {
  try {
    const kind = fstatSync(STDERR);
    return kind.isFIFO() || kind.isSocket();
  } catch {
    return false;
  }
}
