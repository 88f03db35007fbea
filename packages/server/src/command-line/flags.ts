import { nearest } from "../errors/nearest.ts";
import { UsageError } from "./usage-error.ts";

/** `value` must follow. A pattern: the next word is the value where it looks like one. */
type Kind = "switch" | "value" | RegExp;

/** Every flag of a command: its name, and under which key and how it is read. */
export type FlagTable = Readonly<Record<string, readonly [key: string, kind: Kind]>>;

/** What every server's command line may hold; nothing in it has been checked against a schema. */
export interface CommonFlags {
  readonly http?: string | true;
  readonly config?: string;
  readonly auditDir?: string;
  readonly state?: string;
  readonly policy?: string;
  readonly allowWrite?: true;
  readonly toolsLock?: string;
  readonly writeToolsLock?: true;
  readonly checkToolsLock?: true;
  readonly dangerouslyAllowToolDrift?: true;
  readonly printConfig?: true;
  readonly printConfigSchema?: true;
  readonly printManifest?: true;
  readonly help?: true;
  readonly version?: true;
}

/** `[HOST:]PORT`, so that `--http ~/work` serves ~/work on the default address. */
const ADDRESS = /^(?:(?:\[[0-9a-f:.]+\]|[a-z0-9.-]*):)?\d{1,5}$/i;

/** The flags whose names are the same for every server. */
export const COMMON_FLAGS = {
  "--http": ["http", ADDRESS],
  "--config": ["config", "value"],
  "--audit-dir": ["auditDir", "value"],
  "--state": ["state", "value"],
  "--policy": ["policy", "value"],
  "--allow-write": ["allowWrite", "switch"],
  "--tools-lock": ["toolsLock", "value"],
  "--write-tools-lock": ["writeToolsLock", "switch"],
  "--check-tools-lock": ["checkToolsLock", "switch"],
  "--dangerously-allow-tool-drift": ["dangerouslyAllowToolDrift", "switch"],
  "--print-config": ["printConfig", "switch"],
  "--print-config-schema": ["printConfigSchema", "switch"],
  "--print-manifest": ["printManifest", "switch"],
  "--help": ["help", "switch"],
  "-h": ["help", "switch"],
  "--version": ["version", "switch"],
} as const satisfies FlagTable;

/** A command line, taken apart. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | true>>;
}

/** @throws {UsageError} an unknown flag (with the nearest right one), a value missing or too many, a flag twice */
export function parseCommandLine(argv: readonly string[], table: FlagTable): CommandLine {
  const words: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") {
      words.push(...argv.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const [name, attached] = splitOnce(word);
    const known = Object.hasOwn(table, name) ? table[name] : undefined;
    if (known === undefined) throw new UsageError(`Unknown flag ${name}.${hint(name, table)}`);
    const [key, kind] = known;
    if (flags[key] !== undefined) throw new UsageError(`${name} is given twice.`);
    const next = argv[index + 1];
    if (kind === "switch") {
      if (attached !== undefined) throw new UsageError(`${name} takes no value.`);
      flags[key] = true;
    } else if (attached !== undefined) {
      flags[key] = needed(name, attached, table);
    } else if (kind === "value") {
      flags[key] = needed(name, next, table);
      index++;
    } else if (next !== undefined && kind.test(next)) {
      flags[key] = next;
      index++;
    } else {
      flags[key] = true;
    }
  }
  return { words, flags };
}

function splitOnce(word: string): readonly [name: string, value: string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function needed(name: string, value: string | undefined, table: FlagTable): string {
  if (value === undefined || value === "" || (value.startsWith("--") && Object.hasOwn(table, value))) {
    throw new UsageError(`${name} needs a value.`);
  }
  return value;
}

function hint(name: string, table: FlagTable): string {
  const near = nearest(name, Object.keys(table));
  return near === undefined ? " See --help." : ` Did you mean ${near}?`;
}
