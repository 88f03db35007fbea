import { COMMON_FLAGS, type CommonFlags, type FlagTable, parseCommandLine } from "@hardened-mcp/server/command-line";

/** The command line, taken apart; nothing in it has been checked against the schema. */
export interface Flags extends CommonFlags {
  /** Files and URLs. */
  readonly sources: readonly string[];
  readonly printRoleSql?: string | true;
}

const FLAGS: FlagTable = {
  ...COMMON_FLAGS,
  // What follows is its value where it can be the name of a source; a file has a dot or a slash, a URL a colon.
  "--print-role-sql": ["printRoleSql", /^[a-z][a-z0-9_-]{0,31}$/],
};

/** @throws {UsageError} an unknown flag (with the nearest right one), a value missing or too many, a flag twice */
export function parseFlags(argv: readonly string[]): Flags {
  const { words, flags } = parseCommandLine(argv, FLAGS);
  // Each key was written by the row of FLAGS that names its kind.
  return { ...(flags as Omit<Flags, "sources">), sources: words };
}
