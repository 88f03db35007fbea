#!/usr/bin/env node
// An older Node would fail on syntax or a missing function deep inside; so the check comes first, in plain words, and
// everything else is imported after it.

// A log that cannot be written costs lines, not answers; what is thrown here would end the process instead.
process.stderr.on("error", () => undefined);

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `hardened-mcp-filesystem needs Node 24 or newer; this is ${process.versions.node}. https://nodejs.org\n`,
  );
  process.exitCode = 78;
} else {
  const { keepCompiledCode } = await import("@hardened-mcp/server/compile-cache");
  const { keepHeapLean } = await import("@hardened-mcp/server/lean-heap");
  keepCompiledCode();
  keepHeapLean();
  const { exitCodeOf, main } = await import("./main.ts");
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`hardened-mcp-filesystem: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

// Marks this file as a module, which top-level await needs.
export {};
