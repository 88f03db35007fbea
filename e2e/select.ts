import { UsageError } from "../packages/server/src/command-line/usage-error.ts";
import { nearest } from "../packages/server/src/errors/nearest.ts";

/** What was asked for on the command line. */
export interface Asked {
  readonly list: boolean;
  readonly keep: boolean;
  readonly words: readonly string[];
}

const FLAGS = ["--list", "--keep"] as const;

/** @throws {UsageError} a flag that there is not, with the nearest that there is */
export function readArguments(argv: readonly string[]): Asked {
  const flags = argv.filter((word) => word.startsWith("-"));
  const words = argv.filter((word) => !word.startsWith("-"));
  const unknown = flags.find((flag) => !(FLAGS as readonly string[]).includes(flag));
  if (unknown !== undefined) throw new UsageError(`There is no flag ${unknown}. ${hint(unknown, FLAGS)}`);
  return { list: flags.includes("--list"), keep: flags.includes("--keep"), words };
}

/**
 * Those whose titles have every word. No word selects all.
 *
 * @throws {UsageError} a word that is in no title: a typo would otherwise prove nothing, and pass
 */
export function select<One extends { readonly title: string }>(
  all: readonly One[],
  words: readonly string[],
): readonly One[] {
  const known = new Set(all.flatMap(wordsOf));
  const unknown = words.find((word) => !known.has(word));
  if (unknown !== undefined) throw new UsageError(`Nothing is called ${unknown}. ${hint(unknown, known)}`);
  const selected = all.filter((one) => words.every((word) => wordsOf(one).includes(word)));
  if (selected.length > 0) return selected;
  throw new UsageError(`Nothing is all of ${words.join(", ")}. --list shows what there is.`);
}

const wordsOf = ({ title }: { readonly title: string }): readonly string[] => title.split(" ");

function hint(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? "--list shows what there is." : `Did you mean ${near}?`;
}
