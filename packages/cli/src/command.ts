import type { ParseArgsOptionsConfig } from "node:util";
import type { Flags } from "./flags.ts";

/** Where a command writes. */
export interface Output {
  write(text: string): unknown;
}

/** One row of the table of commands. */
export interface Command {
  /** The words that call it, for example `audit verify`. */
  readonly name: string;
  /** What follows the words, for example `DIR [--json]`. */
  readonly usage: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Printed by `--help`, below the usage. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** @returns the exit code; throws {@link UsageError} for a wrong command line */
  run(flags: Flags, out: Output): Promise<number>;
}
