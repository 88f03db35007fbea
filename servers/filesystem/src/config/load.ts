import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { CONFIG_VARIABLE, readEnvironment } from "./environment.ts";
import { explainIssues } from "./explain.ts";
import type { Flags } from "./flags.ts";
import { refuseOtherMachines } from "./loopback.ts";
import { configSchema, type FilesystemConfig } from "./schema.ts";

type Draft = Record<string, unknown>;

/**
 * The effective configuration: flag over environment over file over default.
 *
 * @throws {ConfigError} an unknown key, a value the schema refuses, a file that cannot be read, an
 *   address that is not loopback
 */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): FilesystemConfig {
  refuseReserved(flags);
  const file = flags.config ?? environment[CONFIG_VARIABLE];
  const draft: Draft = file === undefined ? {} : readConfigFile(expandHome(file));
  for (const [key, value] of readEnvironment(environment)) setKey(draft, key, value);
  for (const [key, value] of fromFlags(flags)) setKey(draft, key, value);
  const parsed = configSchema.safeParse(draft);
  if (!parsed.success)
    throw new ConfigError(`The configuration is not valid:\n- ${explainIssues(parsed.error.issues).join("\n- ")}`);
  if (parsed.data.http !== undefined) refuseOtherMachines(parsed.data.http.host);
  return { ...parsed.data, roots: parsed.data.roots.map(withAbsolutePath) };
}

/** Flags whose names are fixed for a later version. To accept them now would promise what is not there. */
function refuseReserved({ allowWrite, state }: Flags): void {
  if (allowWrite) throw new ConfigError("--allow-write is not supported by this version: it has no tools that write.");
  if (state !== undefined) throw new ConfigError("--state is not supported by this version: it keeps no shared state.");
}

function readConfigFile(path: string): Draft {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`The configuration file ${path} cannot be read.`, { cause: error });
  }
  let draft: unknown;
  try {
    draft = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`The configuration file ${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof draft !== "object" || draft === null || Array.isArray(draft)) {
    throw new ConfigError(`The configuration file ${path} must hold one JSON object.`);
  }
  // `$schema` is how editors find the published schema; it is no key of ours.
  const { $schema: _, ...keys } = draft as Draft;
  if ("dangerouslyAllowBroadRoot" in keys) {
    throw new ConfigError(
      "dangerouslyAllowBroadRoot is accepted on the command line only: --dangerously-allow-broad-root.",
    );
  }
  return keys;
}

function* fromFlags(flags: Flags): Generator<readonly [key: string, value: unknown]> {
  if (flags.roots.length > 0) yield ["roots", flags.roots];
  if (flags.auditDir !== undefined) yield ["auditDir", flags.auditDir];
  if (flags.dangerouslyAllowBroadRoot) yield ["dangerouslyAllowBroadRoot", true];
  if (flags.http === undefined) return;
  yield ["http", {}];
  if (flags.http === true) return;
  const at = flags.http.lastIndexOf(":");
  const host = flags.http.slice(0, Math.max(at, 0)).replace(/^\[|\]$/g, "");
  if (host !== "") yield ["http.host", host];
  yield ["http.port", Number(flags.http.slice(at + 1))];
}

/** Sets one key; an object is merged, so that `--http` keeps what the file says of `http`. */
function setKey(draft: Draft, key: string, value: unknown): void {
  const [outer = key, inner] = key.split(".");
  const existing = draft[outer];
  const isObject = typeof existing === "object" && existing !== null && !Array.isArray(existing);
  if (inner !== undefined) draft[outer] = { ...(isObject ? existing : {}), [inner]: value };
  else if (key === "http") draft[outer] = isObject ? existing : value;
  else draft[outer] = value;
}

function withAbsolutePath(root: FilesystemConfig["roots"][number]): FilesystemConfig["roots"][number] {
  return typeof root === "string" ? resolve(expandHome(root)) : { ...root, path: resolve(expandHome(root.path)) };
}

/** Client configurations are JSON, where no shell expands `~`. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
}
