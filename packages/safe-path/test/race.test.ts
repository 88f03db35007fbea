import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { PathError } from "../src/index.ts";
import { naiveRealpathRead } from "./helpers/naive.ts";
import { makeTree, refusal, SECRET, type Tree } from "./helpers/tree.ts";

const OPENS = Number(process.env["HARDENED_MCP_RACE_OPENS"] ?? 5_000);
const MIN_SEEN = 5;
const MAX_OPENS = OPENS * 40;
const TIMEOUT_MS = 30_000 + OPENS * 5;

async function startSwapping(tree: Tree): Promise<ChildProcess> {
  mkdirSync(join(tree.inside, "place"));
  mkdirSync(join(tree.base, "parking"));
  writeFileSync(join(tree.inside, "place", "secret.txt"), "inside");
  symlinkSync(tree.outside, join(tree.inside, "link"));
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("./helpers/swapper.mjs", import.meta.url)),
      join(tree.inside, "place"),
      join(tree.inside, "link"),
      join(tree.inside, "parked"),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout!, "data");
  return child;
}

interface Tally {
  tries: number;
  inside: number;
  escaped: number;
  refused: number;
  codes: Record<string, number>;
}

/** Runs at least OPENS tries and on, until the swap was seen from both sides: by count, never by the clock. */
function hammer(attempt: () => string): Tally {
  const tally: Tally = { tries: 0, inside: 0, escaped: 0, refused: 0, codes: {} };
  while (tally.tries < OPENS || (tally.tries < MAX_OPENS && (tally.refused < MIN_SEEN || tally.inside < MIN_SEEN))) {
    tally.tries++;
    try {
      if (attempt() === SECRET) tally.escaped++;
      else tally.inside++;
    } catch (error) {
      tally.refused++;
      const code = error instanceof PathError ? error.code : "naive refusal";
      tally.codes[code] = (tally.codes[code] ?? 0) + 1;
    }
  }
  return tally;
}

test("realpath, then open, escapes while a directory is swapped with a link", { timeout: TIMEOUT_MS }, async () => {
  const tree = makeTree();
  const child = await startSwapping(tree);
  let escaped = 0;
  let tries = 0;
  while (tries < OPENS || (escaped === 0 && tries < MAX_OPENS * 5)) {
    tries++;
    try {
      if (naiveRealpathRead(tree.inside, "place/secret.txt") === SECRET) escaped++;
    } catch {
      // refused or between two renames
    }
  }
  child.kill("SIGKILL");
  console.log(`race, naive: ${escaped} of ${tries} escaped`);
  expect(escaped).toBeGreaterThan(0);
});

test.each(["inside", "refuse"] as const)(
  "openFile never escapes it (links: %s)",
  { timeout: TIMEOUT_MS },
  async (links) => {
    const tree = makeTree();
    const root = tree.open({ links });
    const path = root.parse("place/secret.txt");
    const child = await startSwapping(tree);
    const tally = hammer(() => {
      using file = root.openFile(path);
      return readFileSync(file.fd, "utf8");
    });
    child.kill("SIGKILL");
    console.log(`race, openFile, links ${links}: ${JSON.stringify(tally)}`);
    expect(tally.escaped).toBe(0);
    expect(tally.inside).toBeGreaterThanOrEqual(MIN_SEEN);
    expect(tally.refused).toBeGreaterThanOrEqual(MIN_SEEN);
  },
);

test.each(["inside", "refuse"] as const)(
  "createFile, rename and remove never act outside (links: %s)",
  { timeout: TIMEOUT_MS },
  async (links) => {
    const tree = makeTree();
    const root = tree.open({ links });
    const child = await startSwapping(tree);
    let round = 0;
    const tally = hammer(() => {
      const made = root.parse(`place/made-${round}`);
      const moved = root.parse(`place/moved-${round++}`);
      try {
        root.createFile(made).close();
        root.rename(made, moved);
        return "done";
      } finally {
        for (const path of [made, moved]) refusal(() => root.remove(path));
      }
    });
    child.kill("SIGKILL");
    console.log(`race, changes, links ${links}: ${JSON.stringify(tally)}`);
    // A leftover inside is fine (its folder was parked between two steps); outside nothing may come or go.
    expect(readdirSync(tree.outside)).toEqual(["secret.txt"]);
    expect(tally.inside).toBeGreaterThanOrEqual(MIN_SEEN);
    expect(tally.refused).toBeGreaterThanOrEqual(MIN_SEEN);
  },
);
