import type { ParseArgsOptionsConfig } from "node:util";
import type { Flags } from "./flags.ts";

/** Where a command writes. */
export interface Output {
  write(text: string): unknown;
}

/** What a command is: loaded when it is called, with everything it stands on. */
export interface Command {
  /** Printed by `--help`, below the usage. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /**
   * @param out what was asked for; `err`: what whoever asked must know besides
   * @returns the exit code; throws `UsageError` for a wrong command line, `Failure` for the rest
   */
  run(flags: Flags, out: Output, err: Output): Promise<number>;
}

/** One row of the table of commands. */
export interface CommandRow {
  /** The words that call it, for example `audit verify`. */
  readonly name: string;
  /** What follows the words, for example `DIR [--json]`. */
  readonly usage: string;
  /** One line for the overview. */
  readonly summary: string;
  load(): Promise<Command>;
}
