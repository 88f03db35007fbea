import { sep } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { realPathOf } from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import type { DatabaseConfig } from "../config/schema.ts";
import type { SourceConfig } from "../config/source-schema.ts";

/** Files that a configuration of sources names and no client may reach. */
export function sourceSecretFiles(config: DatabaseConfig): readonly string[] {
  return Object.values(config.sources)
    .flatMap((source) =>
      source.type === "sqlite"
        ? [source.maskKeyFile, source.cursorKeyFile]
        : [source.urlFile, source.cursorKeyFile, source.tls?.keyFile],
    )
    .filter((file) => file !== undefined)
    .map(resolvePath);
}

/**
 * Refuses to serve as a database what this server itself stands on: the database of shared state holds who was let in and what
 * was agreed to, and a client that may change it may agree to its own calls.
 *
 * @throws {ConfigError} a source is one of `files`, or lies in the audit folder
 */
export function refuseServedFiles(
  config: DatabaseConfig & { readonly auditDir: string },
  files: readonly string[],
): void {
  const audit = realPathOf(config.auditDir);
  const own = new Set(files.map(realPathOf));
  for (const [name, source] of Object.entries(config.sources)) {
    for (const file of filesOf(source)) {
      if (own.has(file)) throw new ConfigError(`sources.${name} is a file that this server itself stands on.`);
      if (file === audit || file.startsWith(`${audit}${sep}`)) {
        throw new ConfigError(`sources.${name} lies in the audit folder. Pass --audit-dir with another.`);
      }
    }
  }
}

/** A SQLite database, and what lies beside it under its name. */
function filesOf(source: SourceConfig): readonly string[] {
  if (source.type !== "sqlite") return [];
  const real = realPathOf(source.file);
  return ["", "-wal", "-shm", "-journal"].map((ending) => real + ending);
}
