import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{packages,servers}/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // Real servers and real disks: generous, so that a busy two-core machine never fails a good change.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    reporters: ["default", new ClosingLine()],
  },
});
