import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import type { AuditTool, ToolChanged } from "../event.ts";
import { refuseForeignFile } from "../folder/folder.ts";
import { openPlain } from "../folder/notes.ts";
import { replaceFile } from "../folder/replace-file.ts";
import { keyedTools } from "../record/keyed-tools.ts";

const FILE = "definitions.json";
/** More than ten thousand tools take; a larger file is none of ours. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Hash of each tool's definition. */
type Hashes = ReadonlyMap<string, string>;

/**
 * Compares tools with those of the last start of the log in `dir`, and keeps them for the next. The first start has
 * nothing to compare with and answers `[]`.
 *
 * A server that is updated, or whose package was replaced, may offer under a known name what nobody has looked at. The
 * file is a hint: one that is missing or damaged counts as a first start, and the `server.started` records have the truth.
 *
 * @param off names of tools that this start does not offer, and another way of starting does: they are not gone, and what they were is
 *   kept. Forgotten, a tool could be changed while it is off, and would then come as one that is only new.
 * @throws {AuditError} `unavailable`: it cannot be written; `insecure`: it is somebody else's
 */
export function compareDefinitions(
  dir: string,
  tools: readonly AuditTool[],
  off: readonly string[] = [],
): ToolChanged[] {
  const path = join(dir, FILE);
  try {
    const before = readHashes(path);
    const now = keyedTools(tools);
    const kept = [...(before ?? [])].filter(([key]) => !now.has(key) && off.includes(nameOf(key)));
    const hashes = new Map([...kept, ...[...now].map(([key, { def = "" }]) => [key, def] as const)]);
    if (before === undefined || !isEqual(before, hashes)) {
      const text = JSON.stringify({ v: 1, tools: Object.fromEntries(hashes) });
      replaceFile(path, `${text}\n`, { durable: true });
    }
    return before === undefined ? [] : changesOf(before, now).concat(removed(before, hashes));
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw new AuditError("unavailable", `${path} cannot be read or written`, { cause: error });
  }
}

function changesOf(before: Hashes, now: ReadonlyMap<string, AuditTool>): ToolChanged[] {
  const changes: ToolChanged[] = [];
  for (const [key, tool] of now) {
    const was = before.get(key);
    if (was === undefined) changes.push({ type: "tool.changed", tool, detail: { change: "added" } });
    else if (was !== (tool.def ?? "")) changes.push({ type: "tool.changed", tool, detail: { change: "changed", was } });
  }
  return changes;
}

function removed(before: Hashes, hashes: Hashes): ToolChanged[] {
  return [...before]
    .filter(([key]) => !hashes.has(key))
    .map(([key, was]) => ({ type: "tool.changed", tool: { name: nameOf(key) }, detail: { change: "removed", was } }));
}

/** Of the name of a second thing, which is `NAME#2`. */
function nameOf(key: string): string {
  return key.replace(/#\d+$/, "");
}

function isEqual(left: Hashes, right: Hashes): boolean {
  return left.size === right.size && [...left].every(([key, def]) => right.get(key) === def);
}

/** @returns `undefined`: there is nothing to compare with */
function readHashes(path: string): Hashes | undefined {
  const fd = openPlain(path);
  if (fd === undefined) return undefined;
  try {
    if (refuseForeignFile(path, fd).size > MAX_BYTES) return undefined;
    return parseHashes(readFileSync(fd, "utf8"));
  } finally {
    closeSync(fd);
  }
}

function parseHashes(text: string): Hashes | undefined {
  try {
    const { v, tools } = JSON.parse(text) as { readonly v?: unknown; readonly tools?: unknown };
    if (v !== 1 || typeof tools !== "object" || tools === null || Array.isArray(tools)) return undefined;
    const entries = Object.entries(tools);
    return entries.every(([, def]) => typeof def === "string") ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}
