import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { explainIssues, refuseUnsafeHttp } from "@hardened-mcp/server/config";
import { CONFIG_VARIABLE, readEnvironment } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { configSchema, type FilesystemConfig } from "./schema.ts";

type Draft = Record<string, unknown>;

/**
 * The effective configuration: flag over environment over file over default.
 *
 * @throws {ConfigError} an unknown key, a value the schema refuses, a file that cannot be read, an address
 *   that other machines can reach without what makes that safe
 */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): FilesystemConfig {
  refuseReserved(flags);
  const file = configFile(flags, environment);
  const draft: Draft = file === undefined ? {} : readConfigFile(file);
  for (const [key, value] of readEnvironment(environment)) setKey(draft, key, value);
  for (const [key, value] of fromFlags(flags)) setKey(draft, key, value);
  const parsed = configSchema.safeParse(draft);
  if (!parsed.success)
    throw new ConfigError(
      `The configuration is not valid:\n- ${explainIssues(configSchema, parsed.error.issues).join("\n- ")}`,
    );
  refuseUnsafeHttp(parsed.data);
  return { ...parsed.data, roots: parsed.data.roots.map(withAbsolutePath) };
}

/** The file that the configuration is read from, if there is one. */
export function configFile(flags: Flags, environment: NodeJS.ProcessEnv): string | undefined {
  const file = flags.config ?? environment[CONFIG_VARIABLE];
  return file === undefined ? undefined : resolve(expandHome(file));
}

/** Flags whose names are fixed for a later version. To accept them now would promise what is not there. */
function refuseReserved({ allowWrite }: Flags): void {
  if (allowWrite) throw new ConfigError("--allow-write is not supported by this version: it has no tools that write.");
}

function readConfigFile(path: string): Draft {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    // It says who may call: whoever can write it can let themselves in.
    if (process.platform !== "win32" && (statSync(path).mode & 0o002) !== 0) {
      throw new ConfigError(
        `The configuration file ${path} can be written by everybody. Take that right away: chmod o-w ${path}`,
      );
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
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
  if (flags.policy !== undefined) yield ["policy", flags.policy];
  if (flags.state !== undefined) yield ["state.url", flags.state];
  if (flags.dangerouslyAllowBroadRoot) yield ["dangerouslyAllowBroadRoot", true];
  if (flags.http === undefined) return;
  yield ["http", {}];
  if (flags.http === true) return;
  const at = flags.http.lastIndexOf(":");
  const host = flags.http.slice(0, Math.max(at, 0)).replace(/^\[|\]$/g, "");
  if (host !== "") yield ["http.host", host];
  yield ["http.port", Number(flags.http.slice(at + 1))];
}

/** Sets the value at a path of keys; an object already there is merged, so that `--http` keeps what the file says of `http`. */
function setKey(draft: Draft, path: string, value: unknown): void {
  const [key = path, ...rest] = path.split(".");
  const existing = draft[key];
  const isObject = typeof existing === "object" && existing !== null && !Array.isArray(existing);
  if (rest.length > 0) {
    const inner: Draft = isObject ? { ...existing } : {};
    setKey(inner, rest.join("."), value);
    draft[key] = inner;
  } else if (key !== "http" || !isObject) draft[key] = value;
}

function withAbsolutePath(root: FilesystemConfig["roots"][number]): FilesystemConfig["roots"][number] {
  return typeof root === "string" ? resolve(expandHome(root)) : { ...root, path: resolve(expandHome(root.path)) };
}

/** Client configurations are JSON, where no shell expands `~`. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
}
