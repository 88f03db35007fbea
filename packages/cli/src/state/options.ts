import type { ParseArgsOptionsConfig } from "node:util";

/** Flags of every command that goes to the shared state. */
export const STATE_OPTIONS = {
  state: { type: "string" },
  "state-url-file": { type: "string" },
  "state-key": { type: "string", multiple: true },
  "state-ca-file": { type: "string" },
  namespace: { type: "string" },
  json: { type: "boolean" },
} as const satisfies ParseArgsOptionsConfig;

export const STATE_HELP = `
Where the servers keep their state, as their configuration has it:
  --state URL            sqlite:///path, postgres://host/db or rediss://host:6379/0; no password in it
  --state-url-file FILE  instead of --state, where the URL holds a password; readable by its owner only
  --state-key FILE       the key that seals entries; readable by its owner only. SQLite: default PATH.key.
                         Several while keys are changed: the first seals, all verify
  --state-ca-file FILE   certificate authority of the store, PEM; default: the system's
  --namespace NAME       default hardened-mcp
  --json                 for scripts
`;

export const STATE_EXITS = `
Exit code: 0 done; 1 not done, among it: an entry of the store is forged (tampered) or cannot be read; 64 wrong
command line; 69 the store is away; 78 no such database, or a key that is missing or that others can read.
`;
