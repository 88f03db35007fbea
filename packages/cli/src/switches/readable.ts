import type { Switches } from "@hardened-mcp/policy";
import { StateError } from "@hardened-mcp/state";
import { exit, Failure } from "../exit.ts";

/**
 * Reads the switches as servers do.
 *
 * @throws {Failure} an entry that this version cannot read; {@link StateError} the store is away, or an entry is forged
 */
export async function readSwitches(switches: Switches): Promise<void> {
  try {
    await switches.refresh();
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(exit.failure, `unreadable: ${error.message}`);
    throw error;
  }
}

/**
 * Reads back after a change: beside an entry that cannot be read, servers go on with what they knew before it, and
 * whoever changed something must not believe that it is in force.
 */
export async function readBack(switches: Switches, done: string): Promise<void> {
  try {
    await readSwitches(switches);
  } catch (error) {
    if (error instanceof StateError && error.code === "unavailable") throw error;
    const reason = error instanceof Error ? error.message : "";
    throw new Failure(
      exit.failure,
      `${done} in the store, but NOT in force: servers cannot read the list of switches. ${reason}`,
    );
  }
}
