import { sep } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { realPathOf } from "@hardened-mcp/server/command-line";
import type { HttpApiConfig } from "./config/schema.ts";

/**
 * Refuses upload folders that hold what this server itself stands on: a model could have a key sent to an API, or the audit log.
 *
 * @throws {ConfigError} one of `files` or the audit folder lies in an upload folder, or an upload folder in the audit folder
 */
export function refuseServedFiles(
  config: Pick<HttpApiConfig, "apis"> & { readonly auditDir: string },
  files: readonly string[],
): void {
  const audit = realPathOf(config.auditDir);
  const own = files.map(realPathOf);
  for (const [name, { uploads }] of Object.entries(config.apis)) {
    for (const path of uploads?.roots ?? []) {
      const root = realPathOf(path);
      if (isWithin(audit, root) || isWithin(root, audit)) {
        throw new ConfigError(
          `apis.${name}.uploads.roots: the audit folder could be sent from ${path}. Pass --audit-dir with a folder outside.`,
        );
      }
      const served = own.find((file) => isWithin(file, root));
      if (served !== undefined) {
        throw new ConfigError(
          `apis.${name}.uploads.roots: ${served} could be sent from ${path}. Move it to a folder outside.`,
        );
      }
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
