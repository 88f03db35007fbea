import { closeSync, existsSync, openSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AuditLog } from "../audit-log.ts";
import { AuditError } from "../errors.ts";
import { syncFolder } from "../folder/folder.ts";
import { lineAt } from "../folder/line-at.ts";
import { listSegments } from "../folder/segment.ts";
import { listSlots } from "../folder/slots.ts";
import { resolveOptions } from "../options.ts";
import { openFileSigner, openFolderSigner } from "../signer/file-signer.ts";
import type { Signer } from "../signer/signer.ts";
import { KEY_FILES, openLogIn } from "./open-log.ts";
import { parseRecord } from "./whole-record.ts";

/** Options of {@link rotateSigningKey}. */
export interface RotateOptions {
  /** The folder of a log, or of sub-logs. */
  readonly dir: string;
  /** Who signs so far, and who is to. Default: the key of the folder, and a new one in its place. Both or neither. */
  readonly signers?: { readonly old: Signer; readonly next: Signer } | undefined;
}

/**
 * Goes over to another signing key in every log of a folder that no server is writing to. The folder's own old key is gone
 * afterwards. Interrupted, it is simply run again.
 *
 * @returns the new public key, and the folders of the logs
 * @throws {AuditError} `locked`: a server is running; `wrong_key`: a log is signed by neither key; and as `openAuditLog`
 */
export async function rotateSigningKey(
  options: RotateOptions,
): Promise<{ readonly publicKey: string; readonly logs: readonly string[] }> {
  const dir = resolve(options.dir);
  const logs = logsOf(dir);
  const server = serverOf(logs[0] ?? dir);
  const key = join(dir, KEY_FILES.private);
  // Made before anything is announced: a new key that a crash took along could never sign again.
  const signers = options.signers ?? {
    old: openFileSigner({ file: key, server }),
    next: openFolderSigner(`${key}.next`, server),
  };
  const opened: { readonly log: AuditLog; readonly signer: Signer }[] = [];
  try {
    for (const path of logs) opened.push(await openWithEither(path, dir, serverOf(path), signers));
    for (const { log, signer } of opened) if (signer === signers.old) await log.rotateKey(signers.next);
  } finally {
    for (const { log } of opened) await log.close();
  }
  if (options.signers === undefined) {
    renameSync(`${key}.next`, key);
    syncFolder(dir);
  }
  return { publicKey: signers.next.key.text, logs };
}

/** A log that an interrupted run has brought over already is the new key's. */
async function openWithEither(
  path: string,
  keyDir: string,
  server: string,
  { old, next }: NonNullable<RotateOptions["signers"]>,
): Promise<{ readonly log: AuditLog; readonly signer: Signer }> {
  try {
    return { log: await openLogIn(resolveOptions({ dir: path, server, signer: old }), keyDir), signer: old };
  } catch (error) {
    if (!(error instanceof AuditError && error.code === "wrong_key")) throw error;
    return { log: await openLogIn(resolveOptions({ dir: path, server, signer: next }), keyDir), signer: next };
  }
}

function logsOf(dir: string): string[] {
  if (!existsSync(dir)) throw new AuditError("unavailable", `there is no folder ${dir}`);
  const slots = listSlots(dir).map((slot) => join(dir, String(slot)));
  return slots.length > 0 ? slots : [dir];
}

/** Which server's log it is stands in its records. */
function serverOf(dir: string): string {
  const [segment] = listSegments(dir);
  if (segment === undefined) throw new AuditError("unavailable", `there is no audit log in ${dir}`);
  const fd = openSync(join(dir, segment.file), "r");
  try {
    const server = parseRecord(lineAt(fd, 0))?.log.split("/")[0];
    if (server === undefined) throw new AuditError("damaged", `${segment.file} does not begin with a record`);
    return server;
  } finally {
    closeSync(fd);
  }
}
