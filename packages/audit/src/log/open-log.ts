import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, ftruncateSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDigester } from "../args/digest-key.ts";
import type { AuditLog, AuditLogOptions } from "../audit-log.ts";
import { auditDefaults } from "../defaults.ts";
import { AuditError } from "../errors.ts";
import type { LogEvent } from "../event.ts";
import { secureFolder } from "../folder/folder.ts";
import { takeLock } from "../folder/lock.ts";
import {
  checkpointsName,
  createSegment,
  listCheckpoints,
  listSegments,
  type OpenSegment,
  openSegment,
  type Segment,
} from "../folder/segment.ts";
import { checkpointText } from "../note/checkpoint.ts";
import { resolveOptions, type Settings } from "../options.ts";
import { GENESIS } from "../record/leaf.ts";
import { openFolderSigner } from "../signer/file-signer.ts";
import { publishKey, readPublicKeys } from "../signer/public-keys.ts";
import { signatureBy } from "../signer/signature-by.ts";
import type { Signer } from "../signer/signer.ts";
import { edgeDetail } from "./edge.ts";
import { readHead } from "./head-file.ts";
import { type FoundCheckpoint, newestCheckpoint } from "./newest-checkpoint.ts";
import { type Readable, recover, type Standing } from "./recover.ts";
import { signEndOfSegment, type UnsignedEnd, unsignedEnds } from "./sign-end.ts";
import { segmentSink } from "./sink.ts";
import { startWriter, type Writer } from "./writer.ts";

/** Public keys of a folder, and the key that signs where nothing else was named. */
export const KEY_FILES = { public: "signing.pub", private: "signing.key" } as const;

/**
 * Opens the log in `dir`, making it on first use, and resolves once `log.opened` is on disk and signed: a server that got a
 * log knows that it can record.
 *
 * What a crash left half-written is cut off and recorded as `log.recovered`; none of it was ever acknowledged.
 *
 * @throws {AuditError} `locked`, `insecure`, `wrong_server`, `wrong_key`, `damaged`, `unavailable`, `invalid`
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const settings = resolveOptions(options);
  return await openLogIn(settings, settings.dir);
}

/** @param keyDir where the keys are: the log's folder, or the one above that several logs share */
export async function openLogIn(settings: Settings, keyDir: string): Promise<AuditLog> {
  const { dir } = settings;
  await using opened = new AsyncDisposableStack();
  // A start that is refused leaves no empty log behind: a verifier could not tell it from one that was emptied.
  const remove = !existsSync(dir);
  if (remove) opened.defer(() => removeEmpty(dir));
  secureFolder(dir);
  const lock = opened.adopt(takeLock(join(dir, "writer.lock")), (one) => one.release({ remove }));
  const signer = settings.signer ?? openFolderSigner(join(keyDir, KEY_FILES.private), settings.server);
  const keyList = join(keyDir, KEY_FILES.public);
  const { checkpoint, standing, segment, unsigned } = readLog(
    settings,
    [signer.key, ...readPublicKeys(keyList)],
    signer,
  );
  opened.defer(() => {
    closeSync(segment.open.fd);
    if (segment.isNew) rmSync(segment.open.path, { force: true });
  });
  const unfinished = standing.open.list();
  const logId = standing.last?.log ?? `${settings.server}/${randomBytes(16).toString("base64url")}`;
  // Before anything is written: servers that are started again and again while nothing can be signed leave no trail of it.
  const { frontier } = standing;
  const probe = checkpointText({ origin: logId, size: frontier.size, root: frontier.root() });
  await signatureBy(signer, Buffer.from(probe));
  cutTornTail(segment.open.fd, standing);
  const keyEvents: LogEvent[] = [];
  let tell = (event: LogEvent): void => void keyEvents.push(event);
  const digester = openDigester(dir, { digestKeyMs: settings.digestKeyMs, onKey: (event) => tell(event) });
  const log = startWriter({
    ...settings,
    signer,
    logId,
    sink: segmentSink(dir, segment.open, lock, standing.size),
    prev: standing.last?.hash ?? GENESIS,
    frontier: standing.frontier,
    open: standing.open,
    segment: { firstSeq: segment.firstSeq, bytes: standing.size, sinceMs: standing.segmentSince },
    signed: checkpoint,
    recovered: { cutBytes: standing.tornBytes, unfinished },
    digest: digester.digest,
    renewKey: digester.renew,
    publish: (key) => publishKey(keyList, key),
    onClose: () => lock.release(),
  });
  // From here on the writer owns file and lock.
  opened.move();
  try {
    for (const { segment: ended, next } of unsigned) {
      const end = { origin: log.logId, size: next.firstSeq, root: standing.roots.get(next.firstSeq) ?? "" };
      await signEndOfSegment(dir, ended, end, signer);
    }
    publishKey(keyList, signer.key.text);
    if (standing.emptySegment) log.note({ type: "log.segment", detail: edgeDetail(standing.frontier) });
    const { keyId: key, keyUntil: key_until } = digester;
    recordStart(log, standing, { key, key_until, signer: signer.key.text });
    tell = (event) => void log.note(event);
    // Which key this run begins with has just been said; which ones are gone has not.
    keyEvents.filter(({ type }) => type === "log.digest_key_destroyed").forEach(tell);
    await log.checkpoint();
    await log.prune();
    return log;
  } catch (error) {
    await log.close().catch(() => undefined);
    throw error;
  }
}

interface ReadLog {
  readonly checkpoint: FoundCheckpoint | undefined;
  readonly standing: Standing;
  readonly segment: { readonly open: OpenSegment; readonly firstSeq: number; readonly isNew: boolean };
  /** Segments that others follow and whose ends were not signed before a crash. */
  readonly unsigned: readonly UnsignedEnd[];
}

function readLog(settings: Settings, keys: readonly Signer["key"][], signer: Signer): ReadLog {
  const { dir, server } = settings;
  const segments = listSegments(dir);
  refuseMissing(dir, segments);
  const checkpoint = newestCheckpoint(dir, segments, keys);
  const from = checkpoint === undefined ? 0 : segments.findIndex(({ file }) => file === checkpoint.segment.file);
  const readables: Readable[] = [];
  try {
    for (const segment of segments.slice(from)) readables.push({ segment, ...openSegment(dir, segment) });
    const newest = readables.at(-1);
    const standing = recover(readables, checkpoint, readHead(dir));
    const { last } = standing;
    if (last && !last.log.startsWith(`${server}/`)) {
      throw new AuditError("wrong_server", `${dir} holds the log of ${last.log}, not of ${server}`);
    }
    refuseUnsigned(dir, checkpoint, standing);
    refuseOtherKey(dir, checkpoint, standing, signer);
    for (const { fd } of readables.slice(0, -1)) closeSync(fd);
    const open = newest ?? createSegment(dir, 0);
    return {
      checkpoint,
      standing,
      segment: { open, firstSeq: newest?.segment.firstSeq ?? 0, isNew: newest === undefined },
      unsigned: unsignedEnds(segments.slice(from), checkpoint?.size ?? 0),
    };
  } catch (error) {
    for (const { fd } of readables) closeSync(fd);
    throw error;
  }
}

/** Segments are deleted from the oldest on, and their checkpoints after them: any other that is missing was removed. */
function refuseMissing(dir: string, segments: readonly Segment[]): void {
  const oldest = segments[0]?.firstSeq ?? -1;
  for (const firstSeq of listCheckpoints(dir)) {
    if (segments.some((segment) => segment.firstSeq === firstSeq)) continue;
    if (firstSeq > oldest)
      throw new AuditError("damaged", `${dir}: the segment is missing that began with ${firstSeq}`);
    rmSync(join(dir, checkpointsName(firstSeq)), { force: true });
  }
}

/** A log signs its first checkpoint before it takes a single event: where there are events and none, it was removed. */
function refuseUnsigned(dir: string, checkpoint: FoundCheckpoint | undefined, { used }: Standing): void {
  if (checkpoint !== undefined || !used) return;
  throw new AuditError("damaged", `${dir} has records of calls and no checkpoint: its checkpoints were removed`);
}

/** Without a rotation on record, a verifier that trusts the old key could not trust the new one. */
function refuseOtherKey(
  dir: string,
  checkpoint: FoundCheckpoint | undefined,
  { rotatedTo }: Standing,
  { key }: Signer,
): void {
  if (checkpoint === undefined || rotatedTo === key.text) return;
  if (rotatedTo === undefined && checkpoint.key?.text === key.text) return;
  throw new AuditError(
    "wrong_key",
    `${dir} is signed by another key than ${key.name}. Change keys with "hardened-mcp audit rotate-key", or start with a new folder`,
  );
}

function recordStart(log: Writer, standing: Standing, keys: Readonly<Record<string, string>>): void {
  const unfinished = standing.open.list();
  log.note({ type: "log.opened", detail: { pid: process.pid, unfinished: unfinished.length, ...keys } });
  if (standing.tornBytes > 0) log.note({ type: "log.recovered", detail: { cut_bytes: standing.tornBytes } });
  for (const { ref, tool, seq } of unfinished.slice(0, auditDefaults.maxReportedIntents)) {
    log.note({ type: "log.unfinished", ref, tool, detail: { intent: seq } });
  }
}

/** Another process may have begun to use it by now; then it stays. Why the start failed is the news, not this. */
function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // Not empty, or never made.
  }
}

function cutTornTail(fd: number, { tornBytes, size }: Standing): void {
  if (tornBytes === 0) return;
  ftruncateSync(fd, size);
  fsyncSync(fd);
}
