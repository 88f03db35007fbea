import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const SETPRIV = "/usr/bin/setpriv";

/**
 * Whether tests can run the project's files as another user: only root can take one, and below a folder that is closed to others, as a
 * clone in root's home is, nobody else reads them.
 */
export const CAN_BE_OTHERS = process.getuid?.() === 0 && existsSync(SETPRIV) && othersRead(import.meta.url);

function othersRead(module: string): boolean {
  const as = ["--reuid=65532", "--regid=65532", "--clear-groups", "--"];
  return spawnSync(SETPRIV, [...as, "test", "-r", fileURLToPath(module)]).status === 0;
}
