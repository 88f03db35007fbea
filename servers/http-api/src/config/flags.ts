import {
  COMMON_FLAGS,
  type CommonFlags,
  type FlagTable,
  parseCommandLine,
  UsageError,
} from "@hardened-mcp/server/command-line";

/** The command line, taken apart; nothing in it has been checked against the schema. */
export interface Flags extends CommonFlags {
  readonly spec?: string;
  readonly baseUrl?: string;
  readonly printOperations?: true;
  /** `--print-operations` for programs. */
  readonly json?: true;
}

const FLAGS: FlagTable = {
  ...COMMON_FLAGS,
  "--spec": ["spec", "value"],
  "--base-url": ["baseUrl", "value"],
  "--print-operations": ["printOperations", "switch"],
  "--json": ["json", "switch"],
};

/** @throws {UsageError} a word, an unknown flag (with the nearest right one), a value missing or too many, a flag twice */
export function parseFlags(argv: readonly string[]): Flags {
  const { words, flags } = parseCommandLine(argv, FLAGS);
  if (words.length > 0) {
    throw new UsageError(
      "A word stands where only flags can. A document is named by --spec FILE, its API by --base-url URL.",
    );
  }
  if (flags["json"] === true && flags["printOperations"] === undefined) {
    throw new UsageError("--json belongs to --print-operations.");
  }
  // Each key was written by the row of FLAGS that names its kind.
  return flags as Flags;
}
