import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openDigester } from "../../src/args/digest-key.ts";
import { idOfKey } from "../../src/args/key-files.ts";
import { temporaryFolder } from "../support.ts";

const SCRIPT = fileURLToPath(new URL("../children/roll-keys.ts", import.meta.url));
const ROUNDS = 12;

const keysIn = (dir: string): string[] => readdirSync(dir).filter((name) => /^digest-\d+\.key$/.test(name));

test(`leaves one live key or none in ${ROUNDS} SIGKILLs in the middle of changing it, and the next start has one`, async () => {
  const dir = temporaryFolder();
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [SCRIPT, dir], { stdio: ["ignore", "pipe", "inherit"] });
    const gone = once(child, "close");
    await once(child.stdout, "data");
    // A moment of the loop's own choosing: the kill, not the wait, is what is tested.
    await setTimeout(Math.random() * 20);
    child.kill("SIGKILL");
    await gone;
    expect(keysIn(dir).length).toBeLessThanOrEqual(1);
    // The clock stands at the beginning again: whatever is left is from the future, and must be whole or gone.
    const { keyId } = openDigester(dir, { now: () => 1_800_000_000_000 });
    const [live = "", ...more] = keysIn(dir);
    expect(more).toEqual([]);
    const key = readFileSync(join(dir, live));
    expect(key).not.toEqual(Buffer.alloc(32));
    expect(idOfKey(key)).toBe(keyId);
  }
});
