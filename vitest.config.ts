import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{packages,servers}/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // Real servers and real disks: generous, so that a busy two-core machine never fails a good change.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    // By itself vitest leaves a core free, which on a machine of two is half of it; most files wait for processes and disks.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", new ClosingLine()],
  },
});
