// An older Node would fail on syntax or a missing function deep inside; so the check comes first, in plain words, and
// everything else is imported after it.

/** The module that a command runs, loaded once it is known that this Node can. */
export interface Command {
  main(argv: readonly string[]): Promise<void>;
  /** For what {@link main} threw. */
  exitCodeOf(thrown: unknown): number;
}

/** Runs a command: `dist/cli.js` of each server is a call of this. Never throws; what went wrong is on standard error and in the exit code. */
export async function startCommand(name: string, load: () => Promise<Command>): Promise<void> {
  // A log that cannot be written costs lines, not answers; what is thrown here would end the process instead.
  process.stderr.on("error", () => undefined);
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 24) {
    process.stderr.write(`${name} needs Node 24 or newer; this is ${process.versions.node}. https://nodejs.org\n`);
    process.exitCode = 78;
    return;
  }
  const { keepCompiledCode } = await import("../compile-cache.ts");
  const { keepHeapLean } = await import("../lean-heap.ts");
  keepCompiledCode();
  const { exitCodeOf, main } = await load();
  try {
    await main(process.argv.slice(2));
    // Not before: a start only grows the heap, and looking for garbage at every tenth of it took an eighth of its time (measured).
    keepHeapLean();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
