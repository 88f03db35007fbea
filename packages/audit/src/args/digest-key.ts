import { AuditError } from "../errors.ts";
import type { ArgsRules, AuditArgs, LogEvent } from "../event.ts";
import { argsDefaults } from "./args-defaults.ts";
import { recordedArgs } from "./fields.ts";
import { hmacSha256, type Keyed } from "./hmac.ts";
import { adoptKey, destroyKey, idOfKey, type KeyFile, listKeyFiles, makeKey, readKey } from "./key-files.ts";

/** Digests values under the key of one log. */
export interface Digester {
  /** Names the key now in use without revealing it. */
  readonly keyId: string;
  /** When its time is over, ISO 8601. */
  readonly keyUntil: string;
  /** Replaces the key where its time is over, as {@link digest} does: for a log where nothing is digested for long. */
  renew(): void;
  /**
   * @throws {AuditError} `invalid`: nested too deeply, or an unknown rule
   * @throws {AuditError} `unavailable`, `insecure`, `damaged`: the key's time is over, and it cannot be replaced
   */
  digest(value: unknown, rules?: ArgsRules): AuditArgs;
}

/** Options of {@link openDigester}. */
export interface DigesterOptions {
  /** Milliseconds a key is used. Default 30 days. */
  readonly digestKeyMs?: number;
  /** Wall time in milliseconds since 1970. */
  readonly now?: () => number;
  /**
   * Told what the log is to record: `log.digest_key` for a key that was made or taken over, `log.digest_key_destroyed`
   * for one that is gone. Called within `openDigester` and within `digest`. Default: nobody is told.
   */
  readonly onKey?: (event: LogEvent) => void;
}

/** The key in use. */
interface Epoch {
  readonly id: string;
  readonly hmac: (text: string) => Keyed;
}

/**
 * Opens the digest key of a log, or makes one. The caller holds the writer lock.
 *
 * Keyed, because arguments are guessable: with a bare hash, whoever gets the log could try every account number. And one
 * key for each epoch: once it is destroyed nobody can, not even with the whole folder of the log.
 *
 * The newest key is the live one, and every other is destroyed; an old key goes before a new one comes. So a crash between
 * any two steps leaves one live key or none, and the next start goes on from there. A key from the future, where the clock
 * was set back, is used on, for at most one epoch from now.
 *
 * @throws {AuditError} `insecure`, `damaged`, `unavailable`
 */
export function openDigester(dir: string, options: DigesterOptions = {}): Digester {
  const { digestKeyMs = argsDefaults.digestKeyMs, now = Date.now, onKey = () => undefined } = options;
  let seen = now();
  let until = 0;
  let epoch = onDisk(dir, () => openEpoch());

  function openEpoch(): Epoch {
    const files = listKeyFiles(dir);
    const last = files.at(-1);
    const key = last === undefined || seen - last.made >= digestKeyMs ? undefined : readKey(last.path);
    if (last === undefined || key === undefined) return nextEpoch(files);
    for (const file of files) if (file !== last) destroy(file);
    until = Math.min(last.made, seen) + digestKeyMs;
    if (adoptKey(dir, last)) tell(idOfKey(key));
    return { id: idOfKey(key), hmac: hmacSha256(key) };
  }

  function nextEpoch(files: readonly KeyFile[]): Epoch {
    for (const file of files) destroy(file);
    // Newer than every key before it, also where the clock has been set back.
    const key = makeKey(dir, Math.max(Math.floor(seen), (files.at(-1)?.made ?? 0) + 1));
    until = seen + digestKeyMs;
    tell(idOfKey(key));
    return { id: idOfKey(key), hmac: hmacSha256(key) };
  }

  function tell(key: string): void {
    onKey({ type: "log.digest_key", detail: { key, until: new Date(until).toISOString() } });
  }

  function destroy(file: KeyFile): void {
    const key = destroyKey(dir, file.path);
    // Overwritten by a run that was killed before it could say whose it was.
    onKey({ type: "log.digest_key_destroyed", detail: { key: key === "" ? "unknown" : key } });
  }

  /** A clock that goes back while we run takes the end along: the key lives no longer for it. */
  function isOver(): boolean {
    const at = now();
    if (at < seen) until -= seen - at;
    seen = at;
    return at >= until;
  }

  function renew(): void {
    if (isOver()) epoch = onDisk(dir, () => nextEpoch(listKeyFiles(dir)));
  }

  return {
    get keyId() {
      return epoch.id;
    },
    get keyUntil() {
      return new Date(until).toISOString();
    },
    renew,
    digest(value, rules) {
      renew();
      return recordedArgs(epoch.hmac, value, rules);
    },
  };
}

/** @throws {AuditError} `unavailable`: a disk that fails here also fails the records, and in the same words */
function onDisk<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw new AuditError("unavailable", `the digest key in ${dir} cannot be read or replaced`, { cause: error });
  }
}
