import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { UsageError } from "./exit.ts";
import { nearest } from "./nearest.ts";
import { printable } from "./printable.ts";

/** What stood on the command line. */
export interface Flags {
  /** Values of a flag, in order; empty when it was not given. */
  values(name: string): readonly string[];
  /** The value of a flag that is given at most once. */
  value(name: string): string | undefined;
  /** @throws {UsageError} it was not given, or is empty */
  required(name: string): string;
  given(name: string): boolean;
  readonly positionals: readonly string[];
}

/**
 * Parses strictly: an unknown flag is an error that names the nearest right one, because a flag that is silently
 * ignored (`--ancor`) is a check that silently did not happen.
 *
 * @throws {UsageError}
 */
export function parseFlags(argv: readonly string[], options: ParseArgsOptionsConfig): Flags {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) throw new UsageError(unknown("flag", token.rawName, optionNames(options)));
    if (option.type === "string" && (token.value === undefined || (/^-./.test(token.value) && !token.inlineValue))) {
      throw new UsageError(`--${token.name} needs a value`);
    }
    if (option.type === "boolean" && token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    const before = values.get(token.name) ?? [];
    if (before.length > 0 && !option.multiple) throw new UsageError(`--${token.name} was given twice`);
    values.set(token.name, [...before, token.value ?? ""]);
  }
  return {
    values: (name) => values.get(name) ?? [],
    value: (name) => values.get(name)?.[0],
    required(name) {
      const value = values.get(name)?.[0] ?? "";
      if (value.trim() === "") throw new UsageError(`--${name} is needed`);
      return value;
    },
    given: (name) => values.has(name),
    positionals,
  };
}

/** What stands there is not repeated: it may be a URL with a password. @throws {UsageError} */
export function refusePositionals({ positionals }: Flags): void {
  if (positionals.length > 0) throw new UsageError("something on the line belongs to no flag");
}

/** `unknown flag --ancor; did you mean --anchor?` */
export function unknown(what: string, typed: string, known: readonly string[]): string {
  const hint = nearest(typed, known);
  return `unknown ${what} ${printable(typed)}${hint === undefined ? "" : `; did you mean ${hint}?`}`;
}

function optionNames(options: ParseArgsOptionsConfig): string[] {
  return Object.keys(options).map((name) => `--${name}`);
}
