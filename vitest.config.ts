import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";
import { LongestFirst } from "./test/support/runner/longest-first.ts";
import { sharedFiles } from "./test/support/runner/who-shares.ts";

const include = ["{packages,servers}/*/test/**/*.test.ts", "test/**/*.test.ts"];
const shared = [...sharedFiles(import.meta.dirname)];

export default defineConfig({
  test: {
    // Real servers and real disks: generous, so that a busy two-core machine never fails a good change.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    // One more than there are cores: a quarter of the time a file waits for processes, disks and timers (measured on two).
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", new ClosingLine()],
    projects: [
      { extends: true, test: { name: "own process", include, exclude: [...configDefaults.exclude, ...shared] } },
      {
        extends: true,
        test: {
          name: "shared process",
          include: shared,
          isolate: false,
          setupFiles: ["test/support/runner/leaves-no-trace.ts"],
        },
      },
    ],
  },
});
