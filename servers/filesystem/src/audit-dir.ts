import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { PathError, type Root } from "@hardened-mcp/safe-path";
import { ConfigError } from "@hardened-mcp/server";

/** Where the audit log is kept unless the operator says otherwise: the platform's folder for state. */
export function defaultAuditDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return join(stateFolder(environment, platform), "hardened-mcp", "filesystem", "audit");
}

function stateFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = environment;
  // The XDG specification has relative values ignored.
  if (xdg?.startsWith("/")) return xdg;
  if (platform === "win32") return local ?? join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  return join(homedir(), ".local", "state");
}

/**
 * Refuses an audit folder that clients could read: it shows who asked what, and its key would let them forge digests.
 *
 * @throws {ConfigError} the folder lies in a root (and is not denied there), or a root lies in the folder
 */
export function refuseServedAuditDir(auditDir: string, roots: readonly Root[]): void {
  const root = servedBy(auditDir, roots);
  if (root === undefined) return;
  throw new ConfigError(
    `The audit folder ${auditDir} can be read through the served directory ${root.path}. Pass --audit-dir with a folder outside.`,
  );
}

/**
 * Refuses secrets that clients could read: keys, passwords, the database of shared state.
 *
 * @throws {ConfigError} one of the files lies in a root and is not denied there
 */
export function refuseServedSecrets(files: readonly string[], roots: readonly Root[]): void {
  for (const file of files) {
    const root = servedBy(file, roots);
    if (root === undefined) continue;
    throw new ConfigError(
      `${file} can be read through the served directory ${root.path}. Move it to a folder outside.`,
    );
  }
}

function servedBy(path: string, roots: readonly Root[]): Root | undefined {
  const real = realPathOf(path);
  return roots.find((root) => {
    const holdsRoot = root.path === real || root.path.startsWith(`${real}${sep}`);
    return holdsRoot || (root.contains(real) && !isDenied(root, real));
  });
}

function isDenied(root: Root, path: string): boolean {
  try {
    root.parse(path);
    return false;
  } catch (error) {
    return error instanceof PathError && error.code === "denied_name";
  }
}

/** The real path of a folder that may not exist yet: what exists of it is resolved, the rest is added. */
function realPathOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPathOf(parent), basename(absolute));
  }
}
