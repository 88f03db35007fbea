import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { StateStore } from "@hardened-mcp/state";
import { ConfigError } from "../errors/config-error.ts";
import type { Recorder } from "./recorder.ts";
import type { StateConfig } from "./schema.ts";
import { readPublicFile, readSecretFile, readSecretText, resolvePath } from "./secret-file.ts";

/** Shared state in use. */
export interface OpenedState {
  readonly store: StateStore;
}

/** The files that a configuration of state leads to, for whoever must not serve them. */
export function stateFiles(config: StateConfig): readonly string[] {
  const database = sqlitePath(config.url);
  return [database, config.keyFile ?? keyBeside(database), config.urlFile, ...config.olderKeyFiles]
    .filter((file) => file !== undefined)
    .map(resolvePath);
}

/** @throws {ConfigError} no URL or two, a password where it can be seen, a key that is missing or that others can read */
export async function openSharedState(config: StateConfig, recorder: Recorder): Promise<OpenedState> {
  const { openState, StateError } = await import("@hardened-mcp/state");
  const url = urlOf(config);
  const macKeys = [
    currentKey(config, url),
    ...config.olderKeyFiles.map((file) => readSecretFile(file, "state.olderKeyFiles")),
  ];
  try {
    const store = await openState(url, {
      namespace: config.namespace,
      macKeys: macKeys.filter((key) => key !== undefined),
      ...(config.caFile === undefined ? {} : { tls: { ca: readPublicFile(config.caFile, "state.caFile") } }),
      onChange: (available) => recorder.state("store", available),
    });
    return { store };
  } catch (error) {
    if (error instanceof StateError) throw new ConfigError(`state: ${error.message}`, { cause: error });
    throw error;
  }
}

function urlOf({ url, urlFile }: StateConfig): string {
  if ((url === undefined) === (urlFile === undefined))
    throw new ConfigError("state needs url or urlFile, and not both.");
  if (urlFile !== undefined) return readSecretText(urlFile, "state.urlFile");
  if (URL.canParse(url ?? "") && new URL(url ?? "").password !== "") {
    throw new ConfigError(
      "state.url holds a password, where process lists and logs show it. Put the URL in a file of mode 600 and name it in state.urlFile.",
    );
  }
  return url ?? "";
}

function currentKey({ keyFile }: StateConfig, url: string): Buffer | undefined {
  if (url.startsWith("memory:")) return undefined;
  if (keyFile !== undefined) return readSecretFile(keyFile, "state.keyFile");
  const own = keyBeside(sqlitePath(url));
  if (own === undefined) {
    throw new ConfigError(
      "state.keyFile is missing: replicas that share a store share a key, or whoever can write to the store could forge what is in it. Make one: (umask 077; head -c 32 /dev/urandom > state.key)",
    );
  }
  // On one machine the key is as safe beside the database as anywhere the same user can read.
  if (!existsSync(own)) {
    mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
    makeKey(own);
  }
  return readSecretFile(own, "state.keyFile");
}

/** Two processes may start at once; the one that comes second uses what the first has made. */
function makeKey(path: string): void {
  try {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new ConfigError(`state.keyFile: ${path} cannot be made.`, { cause: error });
    }
  }
}

function keyBeside(database: string | undefined): string | undefined {
  return database === undefined ? undefined : `${database}.key`;
}

function sqlitePath(url: string | undefined): string | undefined {
  if (url === undefined || !/^sqlite:/i.test(url) || !URL.canParse(url)) return undefined;
  return fileURLToPath(`file://${new URL(url).pathname}`);
}
