import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishAll, startRegistry } from "../../e2e/registry.ts";
import { createWorld, type World } from "../../e2e/world.ts";
import { packWorkspace } from "../../scripts/pack/pack-workspace.ts";
import { inTurn } from "../src/lib/measure.ts";
import { type Attempt, type Ground, throughNpm, withoutNpm } from "./attempt.ts";
import { type Fetched, fetchedInto } from "./fetched.ts";
import { section } from "./section.ts";
import { ours, PEERS, type Target } from "./targets.ts";

/** With an empty cache the frameworks take long; three rounds keep the suite under three minutes. */
const COLD_ROUNDS = 2;
const WARM_ROUNDS = 5;

/** A target after its first attempt, which is not measured: it fills the registry's store and the cache of the warm runs. */
export interface Tried {
  readonly target: Target;
  readonly cache: string;
  readonly first: Attempt;
  /** Unknown where nothing was made. */
  readonly fetched: Fetched | undefined;
}

/** Milliseconds of each round, by the name of the target. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** Time to files of our scaffolder and of others: with npm's cache empty, with it filled, and without npm. */
export async function benchCreate(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "bench-create-"));
  const registry = await startRegistry();
  const world = createWorld(registry.url, { token: "none" });
  const ground: Ground = { root: join(root, "runs"), environment: world.environment };
  try {
    const tried = await tryAll([ours(await publishOurs(world, root)), ...PEERS], ground);
    const [mine] = tried;
    if (mine?.fetched === undefined) throw new Error(`Ours made no project:\n${mine?.first.said}`);

    const able = new Map(tried.filter(({ fetched }) => fetched !== undefined).map((one) => [one.target.name, one]));
    const times = (rounds: number, run: (one: Tried) => Promise<Attempt>): Promise<Times> =>
      inTurn([...able.keys()], rounds, async (name) => timeOf(name, await run(able.get(name) as Tried)));
    const cold = await times(COLD_ROUNDS, ({ target }) => withEmptyCache(target, ground));
    const warm = await times(WARM_ROUNDS, ({ target, cache }) => throughNpm(target, cache, ground));
    const bare = await times(WARM_ROUNDS, ({ target, cache }) => withoutNpm(target, cache, ground));
    return section(tried, { cold, warm, bare });
  } finally {
    await registry.stop();
    world.remove();
    rmSync(root, { recursive: true, force: true });
  }
}

/** It depends on nothing, so its own tarball is all that is published. @returns its version */
async function publishOurs(world: World, root: string): Promise<string> {
  const [packed, published] = [join(root, "packed"), join(root, "published")];
  const one = packWorkspace(packed).find(({ name }) => name === "create-hardened-mcp");
  if (one === undefined) throw new Error("create-hardened-mcp was not packed.");
  mkdirSync(published);
  cpSync(join(packed, one.file), join(published, one.file));
  await publishAll(world, published);
  return one.version;
}

/** Two at a time: nothing of this is measured, and most of it is waiting for the registry. */
async function tryAll(targets: readonly Target[], ground: Ground): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  const waiting = [...targets.entries()];
  const tryNext = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
      tried[one[0]] = await tryOnce(one[1], ground);
  };
  await Promise.all([tryNext(), tryNext()]);
  return tried;
}

async function tryOnce(target: Target, ground: Ground): Promise<Tried> {
  const cache = mkdtempSync(`${ground.root}-cache-`);
  const first = await throughNpm(target, cache, ground);
  const made = first.code === 0 && first.files > 0;
  return { target, cache, first, fetched: made ? fetchedInto(cache, target.name) : undefined };
}

async function withEmptyCache(target: Target, ground: Ground): Promise<Attempt> {
  const cache = mkdtempSync(`${ground.root}-cache-`);
  try {
    return await throughNpm(target, cache, ground);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** @throws {Error} it made no project, though it did before: its time would mean nothing */
function timeOf(name: string, { ms, code, files, said }: Attempt): number {
  if (code === 0 && files > 0) return ms;
  throw new Error(`${name} made a project once, and then ended with ${code} and ${files} files:\n${said}`);
}
