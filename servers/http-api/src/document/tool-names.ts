import { hash } from "node:crypto";
import type { Entry } from "./entries.ts";
import { isReadable } from "./text/readable.ts";

const MAX_NAME = 64;

export interface NameOptions {
  /** Put in front, such as the name of the API. */
  readonly prefix: string | undefined;
  /** Names the configuration gives, by operation id; nobody else gets them. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * The name of each operation's tool, by its id: lower-case words joined by `_`, at most 64 characters. Where two operations come to one name,
 * both get an ending made of method and path: no name depends on the order of the document, or on what else is allowed.
 */
export function toolNames(entries: readonly Entry[], { prefix, given }: NameOptions): ReadonlyMap<string, string> {
  const taken = new Set(given.values());
  const wanted = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (given.has(entry.id)) continue;
    const name = bounded([prefix, wordsOf(entry)].filter((part) => part !== undefined).join("_"), entry);
    wanted.set(name, [...(wanted.get(name) ?? []), entry]);
  }
  const names = new Map<string, string>(given);
  for (const [name, its] of wanted) {
    const [only] = its;
    if (its.length === 1 && only !== undefined && !taken.has(name)) names.set(only.id, name);
    else for (const entry of its) names.set(entry.id, ended(name, entry));
  }
  return names;
}

function wordsOf({ operationId, method, path, label }: Entry): string {
  const words = operationId === undefined ? "" : snake(operationId);
  if (words !== "") return startsWithLetter(words);
  const verb = method.toLowerCase();
  // A path may give a model orders as any text may.
  if (!isReadable(path)) return verb + endingOf(label);
  return startsWithLetter(snake(`${verb} ${path.replaceAll(/\{([^{}]*)\}/g, " by $1 ")}`));
}

/** `getUserByID`, `repos/list-for-user` and `pets.find` become words. */
function snake(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .slice(0, 512)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

function startsWithLetter(words: string): string {
  return /^[a-z]/.test(words) ? words : `op_${words}`;
}

function bounded(name: string, entry: Entry): string {
  return name.length <= MAX_NAME ? name : ended(name, entry);
}

function ended(name: string, { label }: Entry): string {
  const ending = endingOf(label);
  return name.slice(0, MAX_NAME - ending.length).replace(/_+$/, "") + ending;
}

function endingOf(label: string): string {
  return `_${hash("sha256", label).slice(0, 8)}`;
}
