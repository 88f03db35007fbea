import { COMMON_FLAGS, type CommonFlags, type FlagTable, parseCommandLine } from "@hardened-mcp/server/command-line";

/** The command line, taken apart; nothing in it has been checked against the schema. */
export interface Flags extends CommonFlags {
  readonly roots: readonly string[];
  readonly dangerouslyAllowBroadRoot?: true;
}

const FLAGS: FlagTable = {
  ...COMMON_FLAGS,
  "--dangerously-allow-broad-root": ["dangerouslyAllowBroadRoot", "switch"],
};

/** @throws {UsageError} an unknown flag (with the nearest right one), a value missing or too many, a flag twice */
export function parseFlags(argv: readonly string[]): Flags {
  const { words, flags } = parseCommandLine(argv, FLAGS);
  // Each key was written by the row of FLAGS that names its kind.
  return { ...(flags as Omit<Flags, "roots">), roots: words };
}
