import { definitionHash } from "../compile/definition-hash.ts";
import type { Offered, OfferedKind, Parts } from "../compile/offered.ts";
import type { Effect } from "../effect.ts";
import type { GuardedServer } from "../server.ts";
import type { LockSection, ToolsLock } from "./format.ts";

/** One definition, reviewed or offered. */
export interface Viewed {
  readonly kind: OfferedKind;
  readonly name: string;
  readonly effect: Effect;
  readonly definition: string;
  readonly words: Parts;
  hashes(): Parts;
}

/** All that one way of starting shows to a model, whether it was read from a lock or made by a server. */
export interface View {
  readonly instructions: string | null;
  /** By kind and name: a tool and a prompt may have one name. */
  readonly definitions: ReadonlyMap<string, Viewed>;
}

/** What a server offers now. */
export function viewOfServer({ instructions, offered }: Pick<GuardedServer, "instructions" | "offered">): View {
  return {
    instructions: instructions === undefined ? null : definitionHash(instructions),
    definitions: new Map(offered.map((one) => [keyOf(one), one])),
  };
}

/** What a lock expects of a start with or without `--allow-write`. */
export function viewOfLock(lock: ToolsLock, allowWrite: boolean): View {
  const written = allowWrite ? (lock.allowWrite ?? {}) : {};
  return {
    instructions: written.instructions === undefined ? lock.instructions : written.instructions,
    definitions: new Map([...viewedOf(lock), ...viewedOf(written)].map((one) => [keyOf(one), one])),
  };
}

const WORDS: ReadonlySet<string> = new Set(["effect", "milder", "scope"]);

type Some = { readonly [Key in keyof LockSection]?: LockSection[Key] | undefined };

function viewedOf({ tools = {}, prompts = {}, resources = {} }: Some): readonly Viewed[] {
  return [
    ...Object.entries(tools).map(([name, entry]) => viewed("tool", name, entry.effect, entry)),
    ...Object.entries(prompts).map(([name, entry]) => viewed("prompt", name, "read", entry)),
    ...Object.entries(resources).map(([name, entry]) => viewed("resource", name, "read", entry)),
  ];
}

function viewed(kind: OfferedKind, name: string, effect: Effect, entry: object): Viewed {
  const { definition, ...parts } = entry as Readonly<Record<string, string>> & { readonly definition: string };
  const some = (isWord: boolean): Parts =>
    Object.fromEntries(Object.entries(parts).filter(([part]) => WORDS.has(part) === isWord));
  return { kind, name, effect, definition, words: some(true), hashes: () => some(false) };
}

function keyOf({ kind, name }: Pick<Offered, "kind" | "name">): string {
  return `${kind} ${name}`;
}
