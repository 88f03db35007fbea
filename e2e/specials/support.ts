import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createLine } from "../managers.ts";
import type { Row } from "../rows.ts";
import type { Ended, RunOptions, World } from "../world.ts";

/** What is run to make a project, and what is to be seen of it. */
export interface Creation {
  readonly pm?: Row["pm"];
  /** After `--yes`. */
  readonly flags?: readonly string[];
  readonly options?: RunOptions;
}

/** Runs the scaffolder from the registry, as a user does. */
export async function create(world: World, dir: string, { pm = "npm", flags = [], options }: Creation): Promise<Ended> {
  const [command, ...args] = createLine(pm, dir, ["--yes", ...flags]);
  return await world.run(command, args, options);
}

/** @throws {Error} `ended` not as it should have */
export function expectEnd(ended: Ended, code: number, words: readonly string[] = []): void {
  const said = `${ended.stdout}\n${ended.stderr}`;
  if (ended.code !== code) throw new Error(`It ended with ${ended.code}, not with ${code}:\n${said.slice(-3000)}`);
  const missing = words.find((word) => !said.includes(word));
  if (missing !== undefined) throw new Error(`It did not say ${JSON.stringify(missing)}:\n${said.slice(-3000)}`);
}

/** Every entry below a folder: its kind and rights, when it was changed, and what is in it. */
export function snapshot(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(entries.map((path) => [path, describeEntry(join(folder, path))]));
}

/** @throws {Error} an entry of `before` is not in `after` as it was */
export function expectKept(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [path, entry] of before)
    if (after.get(path) !== entry) throw new Error(`${path} was ${entry} and is ${after.get(path) ?? "gone"}.`);
}

/** @throws {Error} the folders are not the same */
export function expectSame(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  expectKept(before, after);
  const added = [...after.keys()].filter((path) => !before.has(path));
  if (added.length > 0) throw new Error(`What was not there is there now: ${added.join(", ")}`);
}

/** @throws {Error} there is nothing at `path`, or `isThere` is false and there is */
export function expectPath(path: string, isThere = true): void {
  if (existsSync(path) !== isThere) throw new Error(`${path} is ${isThere ? "not " : ""}there.`);
}

/** Where a program of `world` is. @throws {Error} there is none */
export function programOf({ environment }: World, name: string): string {
  const folders = (environment["PATH"] ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`This proof needs ${name}, and it is not on the path.`);
  return found;
}

function describeEntry(path: string): string {
  const stats = lstatSync(path);
  const rights = stats.mode.toString(8);
  if (!stats.isFile()) return rights;
  return [rights, stats.mtimeMs, createHash("sha256").update(readFileSync(path)).digest("hex")].join(" ");
}
