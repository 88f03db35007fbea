import { ConfigError, type Effect, nearest } from "@hardened-mcp/server";
import type { OperationConfig, SelectionConfig } from "../config/operation-schema.ts";
import type { LeftOut } from "../model/operation.ts";
import { cutByServers, seenByServers } from "../request/check-segment.ts";
import type { Entry } from "./entries.ts";
import { plainLine } from "./text/plain-text.ts";

export interface Chosen {
  readonly entry: Entry;
  readonly effect: Effect;
  readonly set: OperationConfig;
}

export interface SelectOptions {
  /** Name of the API, for messages. */
  readonly api: string;
  readonly allowWrite: boolean;
}

type Lists = NonNullable<SelectionConfig["allow"]>;

/**
 * Which operations become tools: those that read, narrowed by `allow`, and those that `write` lists; less `deny`.
 *
 * @throws {ConfigError} a name, tag or path that matches nothing: it would switch a rule off in silence; one operation named twice, by id and by
 * METHOD /path: one of the two would be
 */
export function select(
  entries: readonly Entry[],
  config: SelectionConfig,
  options: SelectOptions,
): { readonly chosen: readonly Chosen[]; readonly leftOut: readonly LeftOut[] } {
  const names = createNames(entries, options.api);
  const allowed = config.allow === undefined ? undefined : names.matching(config.allow, "allow");
  const denied = new Set(
    config.deny === undefined
      ? []
      : [...names.matching(config.deny, "deny")].map(({ method, path }) => twinKey(method, path)),
  );
  const writing = new Set(names.each(config.write, "write").values());
  const set = new Map(
    [...names.each(Object.keys(config.set), "set")].map(([name, entry]) => [entry, config.set[name]]),
  );
  const chosen: Chosen[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of entries) {
    const its = set.get(entry) ?? {};
    const effect = its.effect ?? effectOf(entry, writing.has(entry));
    const reason = denied.has(twinKey(entry.method, entry.path))
      ? "denied"
      : effect === "read"
        ? allowed === undefined || allowed.has(entry)
          ? undefined
          : "not_allowed"
        : whyNotWritten(writing.has(entry), options.allowWrite);
    if (reason !== undefined) leftOut.push({ where: entry.label, reason, message: REASONS[reason], what: "operation" });
    else if (entry.unfit !== undefined) leftOut.push({ where: entry.label, ...entry.unfit });
    else chosen.push({ entry, effect, set: its });
  }
  return { chosen, leftOut };
}

const REASONS = {
  denied: "operations.deny names it.",
  not_allowed: "operations.allow does not name it.",
  writing: "It changes something. To have it, list it in operations.write, and start with --allow-write.",
  needs_allow_write: "It changes something. To have it, start with --allow-write.",
} as const;

function whyNotWritten(isListed: boolean, allowWrite: boolean): "writing" | "needs_allow_write" | undefined {
  if (!isListed) return "writing";
  return allowWrite ? undefined : "needs_allow_write";
}

/**
 * What many servers take for one operation: names of parameters (OpenAPI 3.1, section 4.8.8), case, escapes, a slash at the end and what is cut
 * off tell none apart.
 */
function twinKey(method: string, path: string): string {
  return `${method} ${routed(path.replace(/(?<=.)\/$/, ""))}`;
}

function routed(path: string): string {
  const segments = path.replaceAll(/\{[^{}]*\}/g, "{}").split("/");
  return segments.map((segment) => cutByServers(seenByServers(segment))).join("/");
}

/** RFC 9110, section 9.2.1: GET and HEAD are safe. One that an operator lists as writing is not. */
function effectOf({ method }: Entry, isListed: boolean): Effect {
  if (method === "DELETE") return "destroy";
  return (method === "GET" || method === "HEAD") && !isListed ? "read" : "write";
}

interface Names {
  /** Each name's operation; no two of them are the same. */
  each(names: readonly string[], key: string): ReadonlyMap<string, Entry>;
  matching(lists: Lists, key: string): ReadonlySet<Entry>;
}

function createNames(entries: readonly Entry[], api: string): Names {
  const byName = new Map(entries.flatMap((entry) => [[entry.label, entry] as const, [entry.id, entry] as const]));
  const tags = new Set(entries.flatMap((entry) => entry.tags));
  const paths = new Set(entries.map((entry) => entry.path));

  function unknown(key: string, kind: string, name: string, candidates: Iterable<string>): ConfigError {
    const near = nearest(name, candidates);
    const hint = near === undefined ? "" : ` Did you mean ${JSON.stringify(plainLine(near))}?`;
    return new ConfigError(
      `apis.${api}.operations.${key} names ${kind} ${JSON.stringify(name)}, which the document does not have.${hint} Correct the name, or take it out.`,
    );
  }

  function named(name: string, key: string): Entry {
    const entry = byName.get(name);
    if (entry === undefined) throw unknown(key, "the operation", name, byName.keys());
    return entry;
  }

  function each(list: readonly string[], key: string): ReadonlyMap<string, Entry> {
    const found = new Map<string, Entry>();
    const by = new Map<Entry, string>();
    for (const name of list) {
      const entry = named(name, key);
      const other = by.get(entry);
      if (other !== undefined) {
        throw new ConfigError(
          `apis.${api}.operations.${key} names one operation twice, as ${JSON.stringify(other)} and as ${JSON.stringify(name)}. Keep one, with all that is said of it.`,
        );
      }
      by.set(entry, name);
      found.set(name, entry);
    }
    return found;
  }

  return {
    each,
    matching(lists, key) {
      const found = new Set(each(lists.ids, `${key}.ids`).values());
      for (const tag of lists.tags) {
        if (!tags.has(tag)) throw unknown(`${key}.tags`, "the tag", tag, tags);
        for (const entry of entries) if (entry.tags.includes(tag)) found.add(entry);
      }
      for (const path of lists.paths) {
        const its = entries.filter(
          (entry) => isBelow(path, entry.path) || (key === "deny" && isBelow(routed(path), routed(entry.path))),
        );
        if (its.length === 0) throw unknown(`${key}.paths`, "the path", path, paths);
        for (const entry of its) found.add(entry);
      }
      return found;
    },
  };
}

/** `/users/*` is everything below `/users`, and not `/users` itself or `/users-old`. Both are templates of the document, never requests. */
function isBelow(pattern: string, path: string): boolean {
  if (!pattern.endsWith("/*")) return pattern === path;
  const folder = pattern.slice(0, -1);
  return path.startsWith(folder) && path.length > folder.length;
}
