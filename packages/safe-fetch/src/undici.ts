import { createRequire } from "node:module";
import type { Agent, Client, Pool } from "undici";

const require = createRequire(import.meta.url);

/**
 * Undici's parts by themselves. Its index loads fetch, WebSocket, caches and mocks: 82 ms at start against 30 ms for the agent
 * (56 against 23 with Node's compile cache), and a server that answers on stdio is waited for.
 */
export const UndiciAgent = require("undici/lib/dispatcher/agent.js") as typeof Agent;

/** Loaded by the agent. */
export const UndiciPool = require("undici/lib/dispatcher/pool.js") as typeof Pool;
export const UndiciClient = require("undici/lib/dispatcher/client.js") as typeof Client;

/** All of it, for those who hand our dispatcher to undici's own functions, and so have loaded it already. */
export function wholeUndici(): typeof import("undici") {
  return require("undici") as typeof import("undici");
}
