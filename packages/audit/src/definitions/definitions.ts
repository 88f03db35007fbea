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
 * @throws {AuditError} `unavailable`: it cannot be written; `insecure`: it is somebody else's
 */
export function compareDefinitions(dir: string, tools: readonly AuditTool[]): ToolChanged[] {
  const path = join(dir, FILE);
  try {
    const before = readHashes(path);
    const now = keyedTools(tools);
    const hashes = new Map([...now].map(([key, { def = "" }]) => [key, def]));
    if (before === undefined || !isEqual(before, hashes)) {
      const text = JSON.stringify({ v: 1, tools: Object.fromEntries(hashes) });
      replaceFile(path, `${text}\n`, { durable: true });
    }
    return before === undefined ? [] : changesOf(before, now);
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
  for (const [key, was] of before) {
    if (now.has(key)) continue;
    const tool = { name: key.replace(/#\d+$/, "") };
    changes.push({ type: "tool.changed", tool, detail: { change: "removed", was } });
  }
  return changes;
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
