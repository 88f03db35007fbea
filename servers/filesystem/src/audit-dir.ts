import { sep } from "node:path";
import { PathError, type Root } from "@hardened-mcp/safe-path";
import { ConfigError } from "@hardened-mcp/server";
import { realPathOf } from "@hardened-mcp/server/command-line";

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
