import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { publicErrorOf, SqlError, type SqlSource } from "@hardened-mcp/safe-sql";
import { openSqlite } from "@hardened-mcp/safe-sql/sqlite";
import { CallError, ConfigError } from "@hardened-mcp/server";
import type { Config } from "./config.ts";
import { rules } from "./rules.ts";

/** Of one process that runs statements; the limits of the container in deploy/ hold several. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

/**
 * Opens the database under its rules. Its statements run in processes of their own, which end at their deadline.
 *
 * @throws {ConfigError} there is no such file, or a rule names what is not in it
 */
export async function openDatabase({ database, allowWrite }: Config): Promise<SqlSource> {
  const { file, sample, timeoutMs, maxRows } = database;
  if (sample !== undefined && !existsSync(file)) makeFromSample(file, sample);
  try {
    const limits = { timeoutMs, maxRows, maxMemoryBytes: MAX_MEMORY_BYTES };
    return await openSqlite({ file, rules, limits, writable: allowWrite });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const away = error.code === "unavailable" ? { exitCode: 69 as const } : {};
    throw new ConfigError(`database ${file}: ${error.message} ${error.hint ?? ""}`, { cause: error, ...away });
  }
}

/** Made beside and linked into place: a start that is interrupted leaves no half of it, and two at once leave one. */
function makeFromSample(file: string, sample: string): void {
  const draft = `${file}.${process.pid}.new`;
  let isWritten = false;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, "", { mode: 0o600 });
    isWritten = true;
    const database = new DatabaseSync(draft);
    database.exec(readFileSync(sample, "utf8"));
    database.close();
    linkSync(draft, file);
  } catch (error) {
    if (existsSync(file)) return;
    const why = isWritten
      ? "See whether its SQL is right."
      : "Its folder has to be one that the server may write to; HARDENED_MCP_DATABASE_FILE names another file.";
    throw new ConfigError(`database: ${file} cannot be made from ${sample}. ${why}`, { cause: error });
  } finally {
    // Where it could not be written it cannot be looked at either, and that error would hide the one that says why.
    if (isWritten) rmSync(draft, { force: true });
  }
}

/** Runs what asks the database. Its refusals reach the client in words of safe-sql; what the engine said goes to the log alone. */
export async function answering<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const told = publicErrorOf(error);
    if (told === undefined) throw error;
    throw new CallError(told.code, told.message, { cause: error, rule: told.rule });
  }
}
