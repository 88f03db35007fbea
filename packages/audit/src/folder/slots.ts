import { readdirSync } from "node:fs";

/** Two digits at most: see `maxSlots`. */
const SLOT = /^(0|[1-9]\d?)$/;

/**
 * The sub-logs of a shared folder, by number.
 *
 * @throws what the system throws when `dir` cannot be read
 */
export function listSlots(dir: string): number[] {
  return readdirSync(dir)
    .filter((name) => SLOT.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
