import { readdirSync } from "node:fs";
import { join } from "node:path";
import { secureFolder } from "../../folder/folder.ts";
import { listSegments } from "../../folder/segment.ts";

/** The logs of a folder: its own, and those in `0`, `1`, ... */
export function findLogs(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    // Not made yet.
    return [];
  }
  const subLogs = names.filter((name) => /^\d{1,2}$/.test(name)).map((name) => join(dir, name));
  return [dir, ...subLogs].filter(isLog);
}

function isLog(dir: string): boolean {
  try {
    if (listSegments(dir).length === 0) return false;
    secureFolder(dir);
    return true;
  } catch {
    return false;
  }
}
