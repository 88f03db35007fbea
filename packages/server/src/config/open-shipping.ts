import { statSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import type { Shipping, TargetStatus } from "@hardened-mcp/audit/ship";
import { AuditError } from "@hardened-mcp/audit/writing";
import type { Logger } from "pino";
import type { AuditSink } from "../call/guard.ts";
import { ConfigError } from "../errors/config-error.ts";
import { quietly } from "../log/quietly.ts";
import { resolvePath } from "./secret-file.ts";
import { anchorWithFiles, exportWithFiles } from "./ship-files.ts";
import type { ShipConfig } from "./ship-schema.ts";

/** What shipping stands on. */
export interface ShippingContext {
  /** The audit folder, that of all sub-logs. */
  readonly dir: string;
  readonly log: Logger;
  readonly audit: Pick<AuditSink, "write">;
}

/**
 * Starts sending records and checkpoints to where a configuration says; undefined where it says nothing, and then nothing
 * of it is loaded. Close the audit log first, then this.
 *
 * A target that is away does not keep a server from starting: its log is on disk, and is sent when the target is back. What
 * goes away and comes back is on record as `state.changed`.
 *
 * @throws {ConfigError} something in it cannot be used: a file, a package that is not installed, an anchor inside the audit
 *   folder
 */
export async function openShipping(config: ShipConfig, context: ShippingContext): Promise<Shipping | undefined> {
  const { exports = [], anchors = [] } = config;
  if (exports.length + anchors.length === 0) return undefined;
  const { dir, log } = context;
  for (const anchor of anchors) if ("file" in anchor) checkAnchorFile(resolvePath(anchor.file), dir, log);
  const { startShipping } = await import("@hardened-mcp/audit/ship");
  try {
    return await startShipping({
      dir,
      exports: exports.map((one, index) => exportWithFiles(one, `audit.exports[${index}]`)),
      anchors: anchors.map((one, index) => anchorWithFiles(one, `audit.anchors[${index}]`)),
      onStatus: recordChanges(context),
    });
  } catch (error) {
    if (error instanceof AuditError) throw new ConfigError(`audit: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Whoever can cut the log can then cut the anchor with it. */
function checkAnchorFile(file: string, dir: string, log: Logger): void {
  if (`${resolve(file)}${sep}`.startsWith(`${resolve(dir)}${sep}`)) {
    throw new ConfigError(
      `audit.anchors: ${file} lies in the audit folder. An anchor is to outlast it: choose another volume.`,
    );
  }
  const [own, other] = [dir, dirname(file)].map((one) => statSync(one, { throwIfNoEntry: false })?.dev);
  if (own !== undefined && own === other) {
    quietly(() => log.warn({ file }, "an anchor of the audit log is on the same volume as the log"));
  }
}

function recordChanges({ dir, log, audit }: ShippingContext): (status: TargetStatus) => void {
  const away = new Set<string>();
  const noticed = new Map<string, string>();
  return (status) => {
    const { name, kind, state, lastError, lastNotice } = status;
    const key = `${name}\0${status.dir}`;
    const part = `audit ${kind} ${name}`;
    const where = resolve(status.dir) === resolve(dir) ? {} : { log: basename(status.dir) };
    const record = (
      detail: Readonly<Record<string, string | number | boolean>>,
      level: "info" | "error",
      text: string,
    ) => {
      quietly(() => log[level]({ part, ...where, ...detail }, text));
      // A dead audit log stops every call at the path; here nobody has an answer to give.
      quietly(() => audit.write({ type: "state.changed", detail: { part, ...where, ...detail } }));
    };
    if (state === "failing" && !away.has(key)) {
      away.add(key);
      record({ available: false, error: lastError ?? "failed" }, "error", "a target of the audit log is away");
    } else if (state !== "failing" && away.delete(key)) {
      record({ available: true }, "info", "a target of the audit log is back");
    }
    if (lastNotice !== undefined && noticed.get(key) !== lastNotice.at) {
      noticed.set(key, lastNotice.at);
      const { code, from, to } = lastNotice;
      record({ notice: code, from, to }, "error", "numbers of the audit log do not go on where a target had them");
    }
  };
}
