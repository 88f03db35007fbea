import { nearest } from "@hardened-mcp/server";
import { UsageError } from "./usage-error.ts";

/** The command line, taken apart; nothing in it has been checked against the schema. */
export interface Flags {
  readonly roots: readonly string[];
  readonly http?: string | true;
  readonly config?: string;
  readonly auditDir?: string;
  readonly state?: string;
  readonly policy?: string;
  readonly allowWrite?: true;
  readonly dangerouslyAllowBroadRoot?: true;
  readonly printConfig?: true;
  readonly printConfigSchema?: true;
  readonly printManifest?: true;
  readonly help?: true;
  readonly version?: true;
}

type Key = Exclude<keyof Flags, "roots">;
/** `value` must follow; `maybe`: only where the next word looks like an address. */
type Kind = "switch" | "value" | "maybe";

const FLAGS: Readonly<Record<string, readonly [key: Key, kind: Kind]>> = {
  "--http": ["http", "maybe"],
  "--config": ["config", "value"],
  "--audit-dir": ["auditDir", "value"],
  "--state": ["state", "value"],
  "--policy": ["policy", "value"],
  "--allow-write": ["allowWrite", "switch"],
  "--dangerously-allow-broad-root": ["dangerouslyAllowBroadRoot", "switch"],
  "--print-config": ["printConfig", "switch"],
  "--print-config-schema": ["printConfigSchema", "switch"],
  "--print-manifest": ["printManifest", "switch"],
  "--help": ["help", "switch"],
  "-h": ["help", "switch"],
  "--version": ["version", "switch"],
};

/** `[HOST:]PORT`, so that `--http ~/work` serves ~/work on the default address. */
const ADDRESS = /^(?:(?:\[[0-9a-f:.]+\]|[a-z0-9.-]*):)?\d{1,5}$/i;

/** @throws {UsageError} an unknown flag (with the nearest right one), a value missing or too many, a flag twice */
export function parseFlags(argv: readonly string[]): Flags {
  const roots: string[] = [];
  const flags: { [Name in Key]?: string | true } = {};
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") {
      roots.push(...argv.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      roots.push(word);
      continue;
    }
    const [name, attached] = splitOnce(word);
    const known = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (known === undefined) throw new UsageError(`Unknown flag ${name}.${hint(name)}`);
    const [key, kind] = known;
    if (flags[key] !== undefined) throw new UsageError(`${name} is given twice.`);
    const next = argv[index + 1];
    if (kind === "switch") {
      if (attached !== undefined) throw new UsageError(`${name} takes no value.`);
      flags[key] = true;
    } else if (attached !== undefined) {
      flags[key] = needed(name, attached);
    } else if (kind === "value") {
      flags[key] = needed(name, next);
      index++;
    } else if (next !== undefined && ADDRESS.test(next)) {
      flags[key] = next;
      index++;
    } else {
      flags[key] = true;
    }
  }
  // Each key was written by the row of FLAGS that names its kind.
  return { ...(flags as Omit<Flags, "roots">), roots };
}

function splitOnce(word: string): readonly [name: string, value: string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === "" || (value.startsWith("--") && Object.hasOwn(FLAGS, value))) {
    throw new UsageError(`${name} needs a value.`);
  }
  return value;
}

function hint(name: string): string {
  const near = nearest(name, Object.keys(FLAGS));
  return near === undefined ? " See --help." : ` Did you mean ${near}?`;
}
