import { type FlagTable, nearest, parseCommandLine, UsageError } from "@hardened-mcp/server/flags";
import { CHOICE_NAMES, type Chosen, valuesOf } from "./choices.ts";

/** Every flag that is no choice: its value in the help, if it takes one, and what it does. */
export const FLAG_ROWS = {
  "--name": ["name", "NAME", "name of the project (default: from the folder)"],
  "--host": ["host", "HOST", "address to bind over HTTP (default: 127.0.0.1)"],
  "--issuer": ["issuer", "URL", "the authorization server of jwt and oauth"],
  "--public-url": ["publicUrl", "URL", "where clients will reach it: https://HOST/mcp"],
  "--vendor": ["vendor", "DIR", "take our packages from packed files, not from the registry"],
  "--yes": ["yes", undefined, "ask nothing; what is not said is the default"],
  "--no-interactive": ["noInteractive", undefined, "the same"],
  "--no-install": ["noInstall", undefined, "install nothing"],
  "--no-git": ["noGit", undefined, "make no git repository"],
  "--overwrite": ["overwrite", undefined, "replace files of the same name; all others stay"],
  "--dry-run": ["dryRun", undefined, "list the files; write nothing"],
  "--json": ["json", undefined, "one JSON object on standard output"],
  "--help": ["help", undefined, "this text"],
  "--version": ["version", undefined, "the version"],
} as const;

type Row = (typeof FLAG_ROWS)[keyof typeof FLAG_ROWS];

/** What a command line says, each value of a choice a right one. */
export type Flags = Partial<Chosen> & {
  readonly [R in Row as R[0]]?: R[1] extends undefined ? true : string;
} & { readonly dir?: string };

const TABLE: FlagTable = {
  ...Object.fromEntries(CHOICE_NAMES.map((name) => [`--${name}`, [name, "value"] as const])),
  ...Object.fromEntries(
    Object.entries(FLAG_ROWS).map(([flag, [key, value]]) => [
      flag,
      [key, value === undefined ? "switch" : "value"] as const,
    ]),
  ),
  "-h": ["help", "switch"],
  "-y": ["yes", "switch"],
};

/** @throws {UsageError} an unknown flag or value, with the nearest right one; a second folder */
export function parseFlags(argv: readonly string[]): Flags {
  const { words, flags } = parseCommandLine(argv, TABLE);
  const [dir, second] = words;
  if (second !== undefined) {
    throw new UsageError(
      `One folder is made at a time; ${JSON.stringify(second)} is a second one. Put a name with spaces in quotes.`,
    );
  }
  if (dir === "") throw new UsageError("The folder has no name.");
  for (const name of CHOICE_NAMES) {
    const value = flags[name];
    if (typeof value === "string" && !valuesOf(name).includes(value)) throw new UsageError(unknownValue(name, value));
  }
  return { ...flags, ...(dir === undefined ? {} : { dir }) } as Flags;
}

function unknownValue(name: (typeof CHOICE_NAMES)[number], value: string): string {
  const near = nearest(value, valuesOf(name));
  const hint = near === undefined ? `It is one of ${valuesOf(name).join(", ")}.` : `Did you mean ${near}?`;
  return `--${name} cannot be ${JSON.stringify(value)}. ${hint}`;
}
