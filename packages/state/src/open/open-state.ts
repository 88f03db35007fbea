import { withBreaker } from "../breaker/breaker.ts";
import { checkedStore } from "../checked.ts";
import type { Driver } from "../driver.ts";
import { unavailable } from "../driver-error.ts";
import { memoryStore } from "../memory/memory-store.ts";
import { sealed } from "../sealed/sealed.ts";
import { StateError } from "../state-error.ts";
import type { StateStore } from "../store.ts";
import { checkOptions, type OpenStateOptions, type StateSettings } from "./options.ts";
import { parseStateUrl, type StateUrl } from "./parse-url.ts";

/**
 * Opens the store that `url` names: `memory:`, `sqlite:///absolute/path.db`, `postgres://...` or `redis://...`.
 *
 * Every store but memory is sealed (nobody who can write to it can forge, move or extend an entry) and guarded (an operation
 * that takes longer than `timeoutMs` has failed; while the store is away, operations fail at once and it is tried every
 * `probeMs`).
 *
 * @throws {StateError} `invalid`: URL or options, or the library of the store is not installed; `unavailable`: the store
 * cannot be reached, or refuses us
 */
export async function openState(url: string, options: OpenStateOptions): Promise<StateStore> {
  const settings = checkOptions(options);
  const where = parseStateUrl(url);
  if (where.kind === "memory") return memoryStore();
  if (settings.macKeys.length === 0) {
    throw new StateError(
      "invalid",
      "A store outside this process needs macKeys: at least one Buffer of 32 random bytes, the same on every replica. Without it, whoever can write to the store could forge a grant.",
    );
  }
  const driver = await open(where, settings).catch((error: unknown) => {
    throw error instanceof StateError ? error : unavailable(error, "The state store could not be opened.");
  });
  return checkedStore(withBreaker(sealed(driver, settings), settings));
}

async function open(where: Exclude<StateUrl, { kind: "memory" }>, settings: StateSettings): Promise<Driver> {
  // Imported here, not above: two of the three need a library that is not installed.
  switch (where.kind) {
    case "sqlite":
      return (await import("../sqlite/driver.ts")).sqliteDriver(where.path, settings);
    case "postgres":
      return (await import("../postgres/driver.ts")).postgresDriver(where, settings);
    case "redis":
      return (await import("../redis/driver.ts")).redisDriver(where, settings);
  }
}
