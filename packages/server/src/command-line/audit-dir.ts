import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Where a server's audit log is kept unless the operator says otherwise: the platform's folder for state. */
export function defaultAuditDir(
  server: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  return join(stateFolder(environment, platform), "hardened-mcp", server, "audit");
}

/** The platform's folder for the state of programs. */
export function stateFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = environment;
  // The XDG specification has relative values ignored.
  if (xdg?.startsWith("/")) return xdg;
  if (platform === "win32") return local ?? join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  return join(homedir(), ".local", "state");
}

/** The real path of what may not exist yet: what exists of it is resolved, the rest is added. */
export function realPathOf(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPathOf(parent), basename(absolute));
  }
}
