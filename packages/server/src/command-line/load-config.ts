import { z } from "zod";
import { explainIssues } from "../config/explain.ts";
import { type ReachConfig, refuseUnsafeHttp } from "../config/unsafe-http.ts";
import { ConfigError } from "../errors/config-error.ts";
import { configFile, type Draft, readConfigFile } from "./config-file.ts";
import { readEnvironment, type Variables } from "./environment.ts";
import type { CommonFlags } from "./flags.ts";

/** Where a server's configuration comes from. */
export interface ConfigSources<Schema extends z.ZodType<ReachConfig>> {
  readonly schema: Schema;
  readonly flags: CommonFlags;
  /** What the server's own flags and words set, as `key.path` to value, given what file and environment have set. */
  fromFlags(draft: Readonly<Draft>): Iterable<readonly [key: string, value: unknown]>;
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: Variables;
  /** Variables that the server reads by itself; they set no key. */
  readonly ownVariables?: readonly string[];
  /** Keys that the file may not set, with the flag that does. */
  readonly flagOnly?: Readonly<Record<string, string>>;
}

/** An image has it for all that is started from it, so it alone opens no port: what was to speak stdio would serve whoever asks. */
const MONITOR_PORT = "http.monitorPort";

/**
 * The effective configuration: flag over environment over file over default.
 *
 * @throws {ConfigError} an unknown key, a value the schema refuses, a file that cannot be read, an address that other machines
 * can reach without what makes that safe
 */
export function loadConfig<Schema extends z.ZodType<ReachConfig>>(sources: ConfigSources<Schema>): z.output<Schema> {
  const { schema, flags, environment, variables, flagOnly = {} } = sources;
  const file = configFile(flags, environment);
  const draft: Draft = file === undefined ? {} : readConfigFile(file);
  for (const [key, flag] of Object.entries(flagOnly)) {
    if (Object.hasOwn(draft, key)) throw new ConfigError(`${key} is accepted on the command line only: ${flag}.`);
  }
  const fromEnvironment = readEnvironment(environment, variables, sources.ownVariables);
  for (const [key, value] of fromEnvironment) if (key !== MONITOR_PORT) setKey(draft, key, value);
  const monitorPort = fromEnvironment.get(MONITOR_PORT);
  for (const [key, value] of [...fromCommon(flags), ...sources.fromFlags(draft)]) setKey(draft, key, value);
  if (monitorPort !== undefined && draft["http"] !== undefined) setKey(draft, MONITOR_PORT, monitorPort);
  const parsed = schema.safeParse(draft);
  if (!parsed.success) {
    const lines = explainIssues(schema, parsed.error.issues);
    throw new ConfigError(`The configuration is not valid:\n- ${lines.join("\n- ")}`);
  }
  refuseUnsafeHttp(parsed.data);
  return parsed.data;
}

function* fromCommon(flags: CommonFlags): Generator<readonly [key: string, value: unknown]> {
  if (flags.auditDir !== undefined) yield ["auditDir", flags.auditDir];
  if (flags.policy !== undefined) yield ["policy", flags.policy];
  if (flags.toolsLock !== undefined) yield ["toolsLock", flags.toolsLock];
  if (flags.state !== undefined) yield ["state.url", flags.state];
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

/** The published JSON Schema of a configuration file, for editors. Without the keys that only a flag may set. */
export function configJsonSchema(schema: z.ZodObject, flagOnly: readonly string[] = []): Record<string, unknown> {
  const { properties = {}, ...rest } = z.toJSONSchema(schema, { io: "input" });
  const keys = Object.entries(properties).filter(([key]) => !flagOnly.includes(key));
  return { ...rest, properties: { $schema: { type: "string" }, ...Object.fromEntries(keys) } };
}
