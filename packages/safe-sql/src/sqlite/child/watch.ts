import { Worker } from "node:worker_threads";

/** The end of this pipe is the end of the parent. Nothing is ever written to it. */
const PARENT = 3;
let watching = false;

/**
 * Ends this process when its parent goes while a statement runs: SQLite's loop sees neither a closed pipe nor a signal that could be
 * handled. A thread can: it waits for the end of a pipe that only the parent holds. Started after the first answer, off its way.
 */
export function watchParent(): void {
  if (!watching) {
    watching = true;
    const source = `try { require("node:fs").readSync(${PARENT}, Buffer.alloc(1)) } catch {} process.kill(process.pid, "SIGKILL")`;
    new Worker(source, {
      eval: true,
      // Otherwise Node joins the worker's output to process.stdout, which makes our own pipe a non-blocking one: an answer that is
      // larger than the pipe holds then fails in its middle with EAGAIN.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
    }).unref();
  }
}
