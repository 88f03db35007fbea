#!/usr/bin/env node
// Imports nothing before the check: on an old Node the first modern module would die with a syntax error, and nobody
// would learn why. This file must stay parseable by Node 20.
const MIN_NODE = 24;
const node = process.versions.node;

if (Number(node.split(".")[0]) < MIN_NODE) {
  process.stderr.write(`hardened-mcp needs Node ${MIN_NODE} or newer; this is Node ${node}.\n`);
  process.stderr.write(`Install it from https://nodejs.org, or run: npx node@${MIN_NODE} ${process.argv[1] ?? ""}\n`);
  process.exitCode = 78;
} else {
  // A reader that goes away (`| head`) must not turn a verdict into exit 1.
  process.stdout.on("error", () => undefined);
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2), process.stdout, process.stderr);
}

export {};
