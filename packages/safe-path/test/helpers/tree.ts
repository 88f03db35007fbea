import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openRoot, PathError, type Root, type RootOptions } from "../../src/index.ts";

export const SECRET = "outside secret";

export interface Tree {
  /** Parent of everything; removed after the test. */
  readonly base: string;
  /** The root's path. */
  readonly inside: string;
  /** A sibling that holds `secret.txt`. */
  readonly outside: string;
  open(options?: RootOptions): Root;
  write(relative: string, content?: string): string;
}

export function makeTree(): Tree {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "safe-path-")));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const inside = join(base, "data");
  const outside = join(base, "outside");
  mkdirSync(inside);
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), SECRET);
  return {
    base,
    inside,
    outside,
    open(options) {
      const root = openRoot(inside, options);
      onTestFinished(() => root.close());
      return root;
    },
    write(relative, content = "inside") {
      const path = join(inside, relative);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}

/** The code of the PathError that `act` throws; anything else is a failure of the test. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PathError) return error.code;
    throw error;
  }
  return "no refusal";
}

export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
