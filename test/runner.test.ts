import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { LONG_FILES } from "./support/runner/long-files.ts";
import { traces } from "./support/runner/traces.ts";
import { sharedFiles } from "./support/runner/who-shares.ts";

const ROOT = join(import.meta.dirname, "..");

it.each(Object.keys(LONG_FILES))("%s, which starts early for being long, is there", (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

it("keeps out of the shared process what starts others, fakes the clock or changes the process", () => {
  const shared = sharedFiles(ROOT);
  expect(shared.length).toBeGreaterThan(100);
  for (const file of shared) {
    expect(readFileSync(join(ROOT, file), "utf8"), file).not.toMatch(
      /node:child_process|useFakeTimers|vi\.(?:mock|stub|spy)|process\.(?:env|chdir|umask|on)\b/,
    );
  }
});

const umask = process.umask();
const folder = process.cwd();
const listener = () => undefined;

it.each<[string, () => unknown, () => unknown]>([
  ["the environment", () => vi.stubEnv("LEFT_BEHIND", "yes"), () => vi.unstubAllEnvs()],
  ["the working directory", () => process.chdir("/"), () => process.chdir(folder)],
  ["the umask", () => process.umask(umask ^ 0o007), () => process.umask(umask)],
  ["a listener", () => process.on("SIGUSR2", listener), () => process.off("SIGUSR2", listener)],
  ["a global", () => vi.stubGlobal("leftBehind", 1), () => vi.unstubAllGlobals()],
  ["a clock that stands", () => vi.useFakeTimers({ toFake: ["Date"] }), () => vi.useRealTimers()],
])("a file that leaves %s changed shows", (_, leave, undo) => {
  const before = traces();
  onTestFinished(() => void undo());
  leave();
  expect(traces()).not.toEqual(before);
  undo();
  expect(traces()).toEqual(before);
});
