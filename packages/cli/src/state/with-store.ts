import { existsSync } from "node:fs";
import { openState, StateError, type StateStore } from "@hardened-mcp/state";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { readInput } from "../input/read-input.ts";
import { readSecretFile } from "../input/secret-file.ts";

/** Somebody waits here, and no call does; so more patience than a server has. */
const PATIENCE = { timeoutMs: 5_000, connectTimeoutMs: 5_000 } as const;

/** The namespace that the command is about; servers have the same default. */
export function namespaceOf(flags: Flags): string {
  return flags.value("namespace") ?? "hardened-mcp";
}

/**
 * Opens the store that the flags name, hands it over, and closes it.
 *
 * @throws {UsageError} {@link Failure} 69, 78; 1 for an entry that is forged
 */
export async function withStore<T>(flags: Flags, work: (store: StateStore) => Promise<T>): Promise<T> {
  const store = await open(flags).catch((error: unknown) => {
    throw asFailure(error, (message) => new Failure(exit.configuration, message));
  });
  try {
    return await work(store);
  } catch (error) {
    // A store that is open refuses as invalid only what stood on the command line.
    throw asFailure(error, (message) => new UsageError(message));
  } finally {
    await store.close();
  }
}

async function open(flags: Flags): Promise<StateStore> {
  const url = urlOf(flags);
  const database = sqlitePath(url);
  if (database !== undefined && !existsSync(database)) {
    // Made here, an empty one would say that nothing is switched off, and take switches that no server sees.
    throw new Failure(exit.configuration, `There is no database ${database}. A server makes it; is the path right?`);
  }
  const keys = flags.values("state-key");
  if (keys.length === 0 && database === undefined) throw new UsageError("--state-key is needed for this store");
  const caFile = flags.value("state-ca-file");
  return openState(url, {
    ...PATIENCE,
    namespace: namespaceOf(flags),
    macKeys: (keys.length > 0 ? keys : [`${database}.key`]).map((file) => readSecretFile(file, "--state-key")),
    ...(caFile === undefined ? {} : { tls: { ca: await readInput(caFile, "--state-ca-file") } }),
  });
}

function urlOf(flags: Flags): string {
  const url = flags.value("state");
  const file = flags.value("state-url-file");
  if ((url === undefined) === (file === undefined)) throw new UsageError("give --state or --state-url-file");
  const text =
    url ??
    readSecretFile(file ?? "", "--state-url-file")
      .toString()
      .trim();
  if (/^memory:/i.test(text)) throw new UsageError("memory: lives within one server; nothing of it is seen from here");
  if (url !== undefined && (!URL.canParse(url) || new URL(url).password !== "")) {
    throw new UsageError(
      URL.canParse(url)
        ? "--state holds a password, which process lists and the shell's history show. Put the URL into a file of mode 600 and name it with --state-url-file"
        : "--state is no URL, such as sqlite:///var/lib/notes/state.db",
    );
  }
  return text;
}

/** The file, read from the URL as the store reads it; what it refuses is left to it. */
function sqlitePath(url: string): string | undefined {
  const { protocol, pathname } = URL.parse(url) ?? {};
  if (protocol !== "sqlite:" || pathname === undefined) return undefined;
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function asFailure(error: unknown, invalid: (message: string) => Error): unknown {
  if (!(error instanceof StateError)) return error;
  switch (error.code) {
    case "invalid":
      return invalid(error.message);
    case "tampered":
      return new Failure(exit.failure, `tampered: ${error.message}`);
    case "unavailable": {
      const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
      return new Failure(exit.unavailable, `${error.message}${cause}`);
    }
  }
}
