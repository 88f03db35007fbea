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

function* viewedOf({ tools = {}, prompts = {}, resources = {} }: Partial<LockSection>): Generator<Viewed> {
  for (const [name, entry] of Object.entries(tools)) {
    const { effect, milder, scope, definition, untrusted = true } = entry;
    const words = { effect, ...(milder === undefined ? {} : { milder }), scope, untrusted: String(untrusted) };
    yield { kind: "tool", name, effect, definition, words, hashes: () => hashesOf(entry) };
  }
  const read = { effect: "read" } as const;
  for (const [name, entry] of Object.entries(prompts)) {
    const { definition, scope } = entry;
    yield { ...read, kind: "prompt", name, definition, words: { scope }, hashes: () => hashesOf(entry) };
  }
  for (const [name, entry] of Object.entries(resources)) {
    const { definition, scope, untrusted = true } = entry;
    const words = { scope, untrusted: String(untrusted) };
    yield { ...read, kind: "resource", name, definition, words, hashes: () => hashesOf(entry) };
  }
}

const NO_PART: ReadonlySet<string> = new Set(["effect", "milder", "scope", "untrusted", "definition"]);

function hashesOf(entry: object): Parts {
  return Object.fromEntries(Object.entries(entry).filter(([part]) => !NO_PART.has(part)));
}

function keyOf({ kind, name }: Pick<Offered, "kind" | "name">): string {
  return `${kind} ${name}`;
}
