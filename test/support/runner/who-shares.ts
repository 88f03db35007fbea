import { globSync, readFileSync } from "node:fs";
import { LONG_FILES } from "./long-files.ts";

/** Where test files may share a process. */
const FOLDERS =
  "{packages/{audit,auth,limits,policy,redact,safe-fetch,safe-path,server},servers/http-api}/test/**/*.test.ts";

/** What changes or measures a process, or starts others: such a file has a process of its own. Waiting is no change. */
const TOUCHES_PROCESS =
  /\bvi\.(?!wait)|\b(?:startPostgres|startRedis|SHARED_STORES)\b|\bprocess\b(?!\.execPath)|\bglobalThis\b|\bperformance\b|node:(?:child_process|worker_threads|v8|vm|inspector|cluster|module)/;

/**
 * Test files that run one after the other in a shared process, where what they import is loaded once: a process and its
 * imports cost a third of a second of CPU, more than most of these files do. Nothing is lost by it: a source has no global
 * state, and `leaves-no-trace.ts` fails a file that changed the process.
 */
export function sharedFiles(root: string): readonly string[] {
  return globSync(FOLDERS, { cwd: root })
    .filter((file) => !(file in LONG_FILES) && !TOUCHES_PROCESS.test(readFileSync(`${root}/${file}`, "utf8")))
    .sort();
}
