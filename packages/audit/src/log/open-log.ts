import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync } from "node:fs";
import { join } from "node:path";
import { openDigester } from "../args/digest-key.ts";
import type { AuditLog, AuditLogOptions } from "../audit-log.ts";
import { AuditError } from "../errors.ts";
import { secureFolder } from "../folder/folder.ts";
import { type Lock, takeLock } from "../folder/lock.ts";
import { listSegments, openSegment } from "../folder/segment.ts";
import { resolveOptions } from "../options.ts";
import { GENESIS } from "../record/leaf.ts";
import { segmentSink } from "./sink.ts";
import { readTail, type Tail } from "./tail.ts";
import { startWriter } from "./writer.ts";

/**
 * Opens the log in `dir`, making it on first use, and resolves once `log.opened` is on disk: a server that got a log
 * knows that it can record.
 *
 * What a crash left half-written is cut off and recorded as `log.recovered`; none of it was ever acknowledged.
 *
 * @throws {AuditError} `locked`, `insecure`, `wrong_server`, `damaged`, `unavailable`, `invalid`
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const settings = resolveOptions(options);
  const { dir, server } = settings;
  secureFolder(dir);
  const lock = takeLock(join(dir, "writer.lock"));
  let fd: number | undefined;
  try {
    const digester = openDigester(dir);
    const segments = listSegments(dir);
    const segment = openSegment(dir, segments.at(-1));
    fd = segment.fd;
    const tail = readTail(fd, segment.path);
    if (tail.last === undefined && (segments.at(-1)?.firstSeq ?? 0) > 0)
      throw new AuditError("damaged", `${segment.path} is empty`);
    if (tail.last && !tail.last.log.startsWith(`${server}/`)) {
      throw new AuditError("wrong_server", `${dir} holds the log of ${tail.last.log}, not of ${server}`);
    }
    cutTornTail(fd, tail);
    const log = startWriter({
      ...settings,
      logId: tail.last?.log ?? `${server}/${randomBytes(16).toString("base64url")}`,
      nextSeq: tail.last ? tail.last.seq + 1 : 0,
      prev: tail.last?.hash ?? GENESIS,
      sink: segmentSink(segment, lock, tail.size),
      digest: digester.digest,
      onClose: () => letGo(segment.fd, lock),
    });
    log.note({ type: "log.opened", detail: { pid: process.pid, unfinished: tail.unfinished, key: digester.keyId } });
    if (tail.tornBytes > 0) log.note({ type: "log.recovered", detail: { cut_bytes: tail.tornBytes } });
    await log.durable();
    return log;
  } catch (error) {
    letGo(fd, lock);
    throw error;
  }
}

function cutTornTail(fd: number, tail: Tail): void {
  if (tail.tornBytes === 0) return;
  ftruncateSync(fd, tail.size);
  fsyncSync(fd);
}

function letGo(fd: number | undefined, lock: Lock): void {
  if (fd !== undefined) closeSync(fd);
  lock.release();
}
