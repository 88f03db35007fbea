import { join } from "node:path";
import type { AuditLog, AuditLogOptions } from "../audit-log.ts";
import { auditDefaults } from "../defaults.ts";
import { AuditError } from "../errors.ts";
import { secureFolder } from "../folder/folder.ts";
import { resolveOptions } from "../options.ts";
import { openLogIn } from "./open-log.ts";

/**
 * Opens the first free sub-log of `dir`: `dir/0`, `dir/1`, ... Processes of one server may share a folder this way,
 * each writing a log of its own; a client that starts a stdio server twice is the common case.
 *
 * @throws {AuditError} as {@link openAuditLog}, and `too_many` when all 64 are taken
 */
export async function openAuditSlot(options: AuditLogOptions): Promise<AuditLog> {
  const settings = resolveOptions(options);
  const { dir } = settings;
  secureFolder(dir);
  for (let slot = 0; slot < auditDefaults.maxSlots; slot++) {
    try {
      return await openLogIn({ ...settings, dir: join(dir, String(slot)) }, dir);
    } catch (error) {
      if (!(error instanceof AuditError && error.code === "locked")) throw error;
    }
  }
  throw new AuditError("too_many", `${dir}: ${auditDefaults.maxSlots} processes already write logs here`);
}
