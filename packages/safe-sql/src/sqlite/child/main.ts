import { writeFileSync } from "node:fs";
import type { Hello, Request } from "../wire.ts";
import { readFrame, writeFrame } from "./frames.ts";
import { Server } from "./server.ts";
import { watchParent } from "./watch.ts";

/**
 * The process that runs SQLite for one source: a frame in, a frame out, one at a time, until its parent goes or kills it. It holds
 * the database and nothing else: an empty environment, no network, no child of its own.
 */
function main(): void {
  const hello = readFrame();
  if (hello === undefined) {
    return;
  }
  dieFirst();
  const server = new Server(JSON.parse(hello) as Hello);
  // From here on, the time that passes is a statement's.
  writeFrame(READY);
  for (let frame = readFrame(); frame !== undefined; frame = readFrame()) {
    writeFrame(server.answer(JSON.parse(frame) as Request));
    watchParent();
  }
}

const READY = '{"ok":"ready"}';

/** Where memory runs out, the kernel ends this process before it ends the server. */
function dieFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "800");
  } catch {
    // Not Linux, or not allowed: the parent's watch on memory remains.
  }
}

try {
  main();
} catch {
  // Ending in order waits for the watching thread, which waits for the parent, which waits for an answer until its deadline.
  process.kill(process.pid, "SIGKILL");
}
// A watching thread would keep the process alive.
process.exit(0);
