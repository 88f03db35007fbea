import { createRequire } from "node:module";
import type { Agent, Client, Pool } from "undici";

const require = createRequire(import.meta.url);

/**
 * Undici's agent by itself. Its index loads fetch, WebSocket, caches and mocks: 82 ms against 30 ms for the agent (56 against 23 with Node's
 * compile cache). Loaded with the first request: a server that answers on stdio is waited for, and asks nobody before it is asked.
 */
export function undiciAgent(): typeof Agent {
  return require("undici/lib/dispatcher/agent.js") as typeof Agent;
}

/** Loaded by the agent. */
export function undiciPool(): typeof Pool {
  return require("undici/lib/dispatcher/pool.js") as typeof Pool;
}

/** Loaded by the agent. */
export function undiciClient(): typeof Client {
  return require("undici/lib/dispatcher/client.js") as typeof Client;
}

/** All of it, for those who hand our dispatcher to undici's own functions, and so have loaded it already. */
export function wholeUndici(): typeof import("undici") {
  return require("undici") as typeof import("undici");
}
