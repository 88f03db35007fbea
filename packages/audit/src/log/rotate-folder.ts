import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AuditLog } from "../audit-log.ts";
import { AuditError } from "../errors.ts";
import { syncFolder } from "../folder/folder.ts";
import { lineAt } from "../folder/line-at.ts";
import { takeLock } from "../folder/lock.ts";
import { listSegments } from "../folder/segment.ts";
import { listSlots } from "../folder/slots.ts";
import { writeNew } from "../folder/write-new.ts";
import { resolveOptions } from "../options.ts";
import { nextKeyFile, openFileSigner, openOrMakeKey } from "../signer/file-signer.ts";
import type { Signer } from "../signer/signer.ts";
import { KEY_FILES, openLogIn } from "./open-log.ts";
import { parseRecord } from "./whole-record.ts";

/** Options of {@link rotateSigningKey}. */
export interface RotateOptions {
  /** The folder of a log, or of sub-logs. */
  readonly dir: string;
  /** Who signs so far. Default: the key of the folder, which is gone afterwards. */
  readonly old?: Signer | undefined;
  /** Who is to sign from now on. Default: a new key of the folder. */
  readonly next?: Signer | undefined;
}

/**
 * Goes over to another signing key in every log of a folder that no server is writing to. Interrupted, it is simply run
 * again.
 *
 * @returns the new public key, and the folders of the logs
 * @throws {AuditError} `locked`: a server is running; `wrong_key`: a log is signed by neither key; and as `openAuditLog`
 */
export async function rotateSigningKey(
  options: RotateOptions,
): Promise<{ readonly publicKey: string; readonly logs: readonly string[] }> {
  const dir = resolve(options.dir);
  const key = join(dir, KEY_FILES.private);
  const server = serverOf(logsOf(dir)[0] ?? dir);
  const old = options.old ?? openFileSigner({ file: key, server });
  // Made before anything is announced: a new key that a crash took along could never sign again. And before the logs are
  // listed: from here on no server starts on the folder's old one, also where the new key lies elsewhere.
  const marker = nextKeyFile(key);
  const fresh = !existsSync(marker);
  if (fresh && options.next !== undefined && options.old === undefined) writeNew(marker, MOVING, true);
  const next = options.next ?? openOrMakeKey(marker, server);
  const opened: { readonly log: AuditLog; readonly signer: Signer }[] = [];
  let announcing = false;
  try {
    for (const path of logsOf(dir)) opened.push(await openWithEither(path, dir, serverOf(path), { old, next }));
    announcing = true;
    for (const { log, signer } of opened) if (signer === old) await log.rotateKey(next);
  } catch (error) {
    // Nobody has heard of the new key, and as long as it lies there no server starts.
    if (fresh && !announcing) rmSync(marker, { force: true });
    throw error;
  } finally {
    for (const { log } of opened) await log.close();
  }
  if (options.next === undefined) renameSync(marker, key);
  else if (options.old === undefined) for (const file of [key, marker]) rmSync(file, { force: true });
  syncFolder(dir);
  return { publicKey: next.key.text, logs: opened.map(({ log }) => log.dir) };
}

/** Stands in the place of a next key that lies elsewhere. */
const MOVING = "The key of this folder is moving elsewhere: run rotate-key again with the same flags.\n";

/** A log that an interrupted run has brought over already is the new key's. */
async function openWithEither(
  path: string,
  keyDir: string,
  server: string,
  { old, next }: { readonly old: Signer; readonly next: Signer },
): Promise<{ readonly log: AuditLog; readonly signer: Signer }> {
  try {
    return { log: await openLogIn(resolveOptions({ dir: path, server, signer: old }), keyDir), signer: old };
  } catch (error) {
    if (!(error instanceof AuditError && error.code === "wrong_key")) throw error;
    return { log: await openLogIn(resolveOptions({ dir: path, server, signer: next }), keyDir), signer: next };
  }
}

/** @throws {AuditError} `locked`: a server is about to make its first record in a sub-log */
function logsOf(dir: string): string[] {
  if (!existsSync(dir)) throw new AuditError("unavailable", `there is no folder ${dir}`);
  const slots = listSlots(dir).map((slot) => join(dir, String(slot)));
  const [logs, empty] = [slots.filter(isLog), slots.filter((slot) => !isLog(slot))];
  for (const slot of empty) takeLock(join(slot, "writer.lock")).release();
  return logs.length > 0 ? logs : [dir];
}

function isLog(dir: string): boolean {
  return listSegments(dir).length > 0;
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
