#!/usr/bin/env node
// Imports nothing before the check: on an old Node the first modern module would die with a syntax error, and nobody
// would learn why. This file must stay parseable by Node 18.
const MIN_NODE = 24;
const node = process.versions.node;

if (Number(node.split(".")[0]) < MIN_NODE) {
  process.stderr.write(`create-hardened-mcp needs Node ${MIN_NODE} or newer; this is Node ${node}.\n`);
  process.stderr.write(
    "The servers it makes need it, too. Install it from https://nodejs.org, then repeat the command.\n",
  );
  process.exitCode = 78;
} else {
  import("./main.ts").then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2), process.env);
  });
}

export {};
