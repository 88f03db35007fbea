import { ConfigError } from "../errors/config-error.ts";
import { type Difference, differencesOf, lineOf } from "./differences.ts";
import { readLock, writeLock } from "./file.ts";
import type { ToolsLock } from "./format.ts";
import { WRITE_WITH } from "./options.ts";
import { viewOfLock } from "./view.ts";

/** What is offered is not what was reviewed. The process ends with 1. */
export class ToolDriftError extends Error {
  override readonly name = "ToolDriftError";
}

/**
 * Writes a lock.
 *
 * @returns what a reviewer has to look at, a line each
 * @throws {ConfigError} what is there is no lock of this server, and is not overwritten; it cannot be written
 */
export function writeNewLock(file: string, lock: ToolsLock): string {
  const before = lockToReplace(file, lock);
  const lines = before === undefined ? [] : changesOf(before, lock);
  if (before !== undefined && lines.length === 0) return `${file} is up to date: ${countsOf(lock)}.\n`;
  writeLock(file, lock);
  if (before === undefined) return `${file} is new: ${countsOf(lock)}. Look through it before you commit it.\n`;
  return [`${file} is written anew: ${countsOf(lock)}. To be reviewed:`, ...lines.map((line) => `- ${line}`), ""].join(
    "\n",
  );
}

/**
 * @returns what was held against what
 * @throws {ToolDriftError} something differs; each difference is a line of the message
 * @throws {ConfigError} there is no lock, or it cannot be used
 */
export function checkLock(file: string, lock: ToolsLock, writeWith = WRITE_WITH): string {
  const read = readLock(file)?.lock;
  if (read === undefined) throw new ConfigError(`There is no tools lock ${file}. Write it: ${writeWith}.`);
  if (read.server !== lock.server) {
    throw new ConfigError(`The tools lock ${file} is that of another server, not of ${JSON.stringify(lock.server)}.`);
  }
  const lines = changesOf(read, lock);
  if (lines.length === 0) return `${file} is what is offered: ${countsOf(lock)}.\n`;
  throw new ToolDriftError(
    `What is offered is not what was reviewed in ${file}:\n${lines.map((line) => `- ${line}`).join("\n")}\nReview it, then write the lock: ${writeWith}.`,
  );
}

/** A file that is not a lock of this server may be anything: somebody else's lock, or a slip of the keyboard. */
function lockToReplace(file: string, { server }: ToolsLock): ToolsLock | undefined {
  try {
    const before = readLock(file)?.lock;
    if (before === undefined || before.server === server) return before;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${error.message}\nIt is not overwritten. Delete it, and write the lock again.`);
  }
  throw new ConfigError(
    `${file} is the lock of another server. It is not overwritten: name another file, or delete it.`,
  );
}

/** With and without `--allow-write`: what is the same in both is told once. */
function changesOf(before: ToolsLock, now: ToolsLock): readonly string[] {
  const changes = (allowWrite: boolean): readonly Difference[] =>
    differencesOf(viewOfLock(before, allowWrite), viewOfLock(now, allowWrite), {
      elsewhere: () => viewOfLock(before, true),
      thorough: true,
    });
  return [...new Set([...changes(false), ...changes(true)].map(lineOf))];
}

function countsOf({ tools, prompts, resources, allowWrite = {} }: ToolsLock): string {
  const count = (what: object | undefined, word: string): string => {
    const { length } = Object.keys(what ?? {});
    return `${length} ${word}${length === 1 ? "" : "s"}`;
  };
  const of = [count(tools, "tool"), count(prompts, "prompt"), count(resources, "resource")].join(", ");
  const added = count(allowWrite.tools, "tool");
  return added === "0 tools" ? of : `${of}; --allow-write adds or changes ${added}`;
}
