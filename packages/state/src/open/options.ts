import { STATE_DEFAULTS } from "../defaults.ts";
import { refuseUnknownKeys } from "../input/known-keys.ts";
import { StateError } from "../state-error.ts";

/** Certificates for the connection to PostgreSQL or Redis, as PEM. */
export interface StateTls {
  /** Authorities to trust instead of the machine's. */
  readonly ca?: string | Buffer;
  /** This server's certificate, where the store asks for one. */
  readonly cert?: string | Buffer;
  /** The private key of `cert`. */
  readonly key?: string | Buffer;
}

/** Options of {@link openState}. */
export interface OpenStateOptions {
  /** Keeps deployments in one store apart, and is part of every seal: 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly namespace: string;
  /**
   * Secrets of at least 32 bytes that seal values: the first seals, all verify. Required for every store except memory. To
   * rotate, put a new one first on every replica's list, and drop the old one when its longest entry has expired.
   */
  readonly macKeys?: readonly Buffer[];
  /** An operation that takes longer has failed. 500 */
  readonly timeoutMs?: number;
  /** How often a store that is away is tried. 1,000 */
  readonly probeMs?: number;
  /** For the first connection, and for each later one. 5,000 */
  readonly connectTimeoutMs?: number;
  /** How far the clocks of replicas and store may disagree before a sealed entry counts as extended. 60,000 */
  readonly maxSkewMs?: number;
  readonly tls?: StateTls;
  /** Told once when the store goes away (`false`) and once when it is back (`true`). Must not throw. */
  readonly onChange?: (available: boolean) => void;
  /** Accepts a store on another machine without TLS: whoever is on the way reads grants and token ids. */
  readonly dangerouslyAllowPlaintext?: boolean;
  /** Accepts a Redis that may drop entries when memory is short: a dropped replay id or revocation lets a token through. */
  readonly dangerouslyAllowEviction?: boolean;
}

const KNOWN: Record<keyof OpenStateOptions, true> = {
  namespace: true,
  macKeys: true,
  timeoutMs: true,
  probeMs: true,
  connectTimeoutMs: true,
  maxSkewMs: true,
  tls: true,
  onChange: true,
  dangerouslyAllowPlaintext: true,
  dangerouslyAllowEviction: true,
};
const KNOWN_TLS: Record<keyof StateTls, true> = { ca: true, cert: true, key: true };

const TIMES = ["timeoutMs", "probeMs", "connectTimeoutMs", "maxSkewMs"] as const;

/** Options as the rest of the package takes them: checked, with defaults. */
export interface StateSettings extends OpenStateOptions {
  readonly macKeys: readonly Buffer[];
  readonly timeoutMs: number;
  readonly probeMs: number;
  readonly connectTimeoutMs: number;
  readonly maxSkewMs: number;
}

/** @throws {StateError} `invalid` */
export function checkOptions(options: OpenStateOptions): StateSettings {
  refuseUnknownKeys("openState", options, KNOWN);
  refuseUnknownKeys("tls of openState", options.tls, KNOWN_TLS);
  if (typeof options.namespace !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(options.namespace)) {
    throw new StateError("invalid", "openState needs a namespace: 1 to 64 letters, digits, dots, underscores, dashes.");
  }
  const settings = { ...STATE_DEFAULTS, macKeys: [], ...withoutUndefined(options) };
  for (const name of TIMES) {
    const time = settings[name];
    if (Number.isSafeInteger(time) && time >= 1 && time <= 3_600_000) continue;
    throw new StateError("invalid", `${name} of openState is a whole number of milliseconds, at most one hour.`);
  }
  for (const key of settings.macKeys) {
    if (Buffer.isBuffer(key) && key.length >= 32) continue;
    throw new StateError("invalid", "Each of macKeys is a Buffer of at least 32 random bytes.");
  }
  return settings;
}

// `{ timeoutMs: undefined }` from JavaScript must not erase a default.
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
