import { definitionHash } from "../compile/definition-hash.ts";
import type { Offered, OfferedKind } from "../compile/offered.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { GuardedServer } from "../server.ts";
import { LOCK_VERSION, type LockSection, type ToolsLock } from "./format.ts";

/** What a server is, as far as a lock holds it. */
export type Lockable = Pick<GuardedServer, "name" | "instructions" | "offered">;

/** To be kept when the server it is of is closed. */
export function lockableOf({ name, instructions, offered }: GuardedServer): Lockable {
  return { name, instructions, offered };
}

/**
 * The lock of a server: each definition as it is without `--allow-write`, and what the flag adds or makes another. Tools that are off
 * are in it, too: turning them on must not bring what nobody has looked at.
 *
 * @throws {ConfigError} something is offered without the flag only, which a lock cannot say
 */
export function lockOf(reading: Lockable, writing: Lockable): ToolsLock {
  const base = sectionOf(reading);
  const all = sectionOf(writing);
  const added = {
    ...(all.instructions === base.instructions ? {} : { instructions: all.instructions }),
    ...section("tools", addedTo(base.tools, all.tools)),
    ...section("prompts", addedTo(base.prompts, all.prompts)),
    ...section("resources", addedTo(base.resources, all.resources)),
  };
  return {
    version: LOCK_VERSION,
    server: reading.name,
    ...base,
    ...(Object.keys(added).length === 0 ? {} : { allowWrite: added }),
  };
}

function sectionOf(server: Lockable): LockSection {
  return {
    instructions: server.instructions === undefined ? null : definitionHash(server.instructions),
    // The parts are those that the format names; a test walks through all of them.
    tools: entriesOf(server, "tool") as LockSection["tools"],
    prompts: entriesOf(server, "prompt") as LockSection["prompts"],
    resources: entriesOf(server, "resource") as LockSection["resources"],
  };
}

/** By name, so that the order in which a server makes its tools is no difference. */
function entriesOf({ offered }: Lockable, kind: OfferedKind): Readonly<Record<string, object>> {
  const some = offered.filter((one) => one.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    some.map((one) => [one.name, { ...wordsOf(one), definition: one.definition, ...one.hashes() }]),
  );
}

/** Answers are marked unless that was taken away; what was taken away is what a reviewer has to see. */
function wordsOf({ words: { untrusted, ...words } }: Offered): object {
  return untrusted === "false" ? { ...words, untrusted: false } : words;
}

function addedTo<Entry extends { readonly definition: string }>(
  base: Readonly<Record<string, Entry>>,
  all: Readonly<Record<string, Entry>>,
): Record<string, Entry> {
  const lost = Object.keys(base).find((name) => !Object.hasOwn(all, name));
  if (lost !== undefined) {
    throw new ConfigError(`${lost} is offered without --allow-write and not with it: a tools lock cannot hold that.`);
  }
  return Object.fromEntries(
    Object.entries(all).filter(([name, { definition }]) => base[name]?.definition !== definition),
  );
}

function section<Key extends string, Entries extends object>(
  key: Key,
  entries: Entries,
): { readonly [K in Key]?: Entries } {
  return Object.keys(entries).length === 0 ? {} : ({ [key]: entries } as { readonly [K in Key]: Entries });
}
