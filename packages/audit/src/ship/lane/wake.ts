import { type FSWatcher, watch } from "node:fs";
import { shipDefaults } from "../ship-defaults.ts";

/** Says when a log's folder may hold something new. */
export interface Wake {
  /** Resolves at the next change, after `ms`, or when `signal` aborts, whichever is first. */
  change(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Cursors and locks change because of us; waking for them would keep two targets awake for ever. */
const OF_A_LOG = /^(?:audit|checkpoints)-|^pruned/;

/** Watches a folder. Where watching is not to be had (no watches left, a network file system), waiting times out instead. */
export function watchLog(dir: string): Wake {
  let waiting: (() => void)[] = [];
  const wakeAll = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dir, (_, file) => {
      if (file === null || OF_A_LOG.test(file)) wakeAll();
    });
    watcher.on("error", () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  return {
    async change(ms, signal) {
      const changed = new Promise<void>((resolve) => waiting.push(resolve));
      await Promise.race([changed, pause(Math.min(ms, shipDefaults.pollMs), signal)]);
    },
    close() {
      watcher?.close();
      wakeAll();
    },
  };
}

/** Waits, or less when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
