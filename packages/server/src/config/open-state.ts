import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { StateError, StateStore } from "@hardened-mcp/state";
import { ConfigError } from "../errors/config-error.ts";
import { holdsPassword, PASSWORD_IN_URL } from "./password-in-url.ts";
import type { Recorder } from "./recorder.ts";
import type { StateConfig } from "./schema.ts";
import { readPublicFile, readSecretFile, readSecretText, resolvePath } from "./secret-file.ts";

/** Shared state in use. */
export interface OpenedState {
  readonly store: StateStore;
}

/**
 * The files that a configuration of state leads to, for whoever must not serve them.
 *
 * @throws {ConfigError} as {@link openSharedState}, for the file with the URL
 */
export function stateFiles(config: StateConfig): readonly string[] {
  const { keyFile, urlFile, olderKeyFiles } = config;
  const database = sqlitePath(urlFile === undefined ? config.url : readSecretText(urlFile, "state.urlFile"));
  const beside = database === undefined ? [] : ["", "-wal", "-shm", "-journal"].map((ending) => database + ending);
  return [...beside, keyFile ?? keyBeside(database), urlFile, ...olderKeyFiles]
    .filter((file) => file !== undefined)
    .map(resolvePath);
}

/**
 * @throws {ConfigError} no URL or two, a password where it can be seen, a key that is missing or that others can read; with
 * exit code 69 where the store is away
 */
export async function openSharedState(config: StateConfig, recorder: Recorder): Promise<OpenedState> {
  const { openState, StateError } = await import("@hardened-mcp/state");
  const url = urlOf(config);
  const macKeys = [
    currentKey(config, url),
    ...config.olderKeyFiles.map((file) => readKey(file, "state.olderKeyFiles")),
  ];
  try {
    const store = await openState(url, {
      namespace: config.namespace,
      timeoutMs: config.timeoutMs,
      macKeys: macKeys.filter((key) => key !== undefined),
      ...(config.caFile === undefined ? {} : { tls: { ca: readPublicFile(config.caFile, "state.caFile") } }),
      onChange: (available) => recorder.state("store", available),
    });
    return { store };
  } catch (error) {
    throw error instanceof StateError ? asConfigError(error) : error;
  }
}

function asConfigError(error: StateError): ConfigError {
  if (error.code !== "unavailable") return new ConfigError(`state: ${error.message}`, { cause: error });
  // Its cause is a code and a message of the driver, which the state package has stripped of all else.
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  return new ConfigError(
    `state: the store cannot be used at present (${why}). Without it the server does not start: limits, revocations and switches would not hold.`,
    { cause: error, exitCode: 69 },
  );
}

function urlOf({ url, urlFile }: StateConfig): string {
  if ((url === undefined) === (urlFile === undefined))
    throw new ConfigError("state needs url or urlFile, and not both.");
  if (urlFile !== undefined) return readSecretText(urlFile, "state.urlFile");
  if (holdsPassword(url ?? "")) throw new ConfigError(`state.url ${PASSWORD_IN_URL}`);
  return url ?? "";
}

const REMOTE = /^(?:postgres|postgresql|redis|rediss):/i;

function currentKey({ keyFile }: StateConfig, url: string): Buffer | undefined {
  if (url.startsWith("memory:")) return undefined;
  if (keyFile !== undefined) return readKey(keyFile, "state.keyFile");
  const own = keyBeside(sqlitePath(url));
  if (own === undefined) {
    // What is no state URL at all, the state package says best.
    if (!REMOTE.test(url)) return undefined;
    throw new ConfigError(
      `state.keyFile is missing: replicas that share a store share a key, or whoever can write to the store could forge what is in it. ${MAKE_A_KEY}`,
    );
  }
  // On one machine the key is as safe beside the database as anywhere the same user can read.
  if (!existsSync(own)) makeKey(own);
  return readKey(own, "state.keyFile");
}

const MIN_KEY_BYTES = 32;
const MAKE_A_KEY = "Make one: (umask 077; head -c 32 /dev/urandom > state.key)";

function readKey(path: string, what: string): Buffer {
  const key = readSecretFile(path, what);
  if (key.length >= MIN_KEY_BYTES) return key;
  throw new ConfigError(`${what}: ${resolvePath(path)} has fewer than ${MIN_KEY_BYTES} bytes. ${MAKE_A_KEY}`);
}

/**
 * Two processes may start at once; the one that comes second uses what the first has made. A file appears under its name
 * whole or not at all: made in place, it would be empty for a moment, and a second process would read that.
 */
function makeKey(path: string): void {
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, randomBytes(MIN_KEY_BYTES), { mode: 0o600, flag: "wx" });
      linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new ConfigError(`state.keyFile: ${path} cannot be made. Check who may write to its folder.`, {
        cause: error,
      });
    }
  }
}

function keyBeside(database: string | undefined): string | undefined {
  return database === undefined ? undefined : `${database}.key`;
}

/** The database of a `sqlite:` URL, as the state package reads it. */
function sqlitePath(url: string | undefined): string | undefined {
  const parsed = URL.parse(url ?? "");
  if (parsed?.protocol !== "sqlite:" || parsed.host !== "" || !parsed.pathname.startsWith("/")) return undefined;
  try {
    return decodeURIComponent(parsed.pathname);
  } catch {
    return undefined;
  }
}
