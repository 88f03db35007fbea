import { ConfigError } from "@hardened-mcp/server";
import { loadConfig as loadFrom } from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import { VARIABLES } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { configSchema, type FilesystemConfig } from "./schema.ts";

/** The effective configuration. @throws {ConfigError} as the shared `loadConfig`, and for a flag of a later version */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): FilesystemConfig {
  refuseReserved(flags);
  const config = loadFrom({
    schema: configSchema,
    flags,
    fromFlags: () => fromFlags(flags),
    environment,
    variables: VARIABLES,
    flagOnly: { dangerouslyAllowBroadRoot: "--dangerously-allow-broad-root" },
  });
  return { ...config, roots: config.roots.map(withAbsolutePath) };
}

/** Flags whose names are fixed for a later version. To accept them now would promise what is not there. */
function refuseReserved({ allowWrite }: Flags): void {
  if (allowWrite) throw new ConfigError("--allow-write is not supported by this version: it has no tools that write.");
}

function* fromFlags(flags: Flags): Generator<readonly [key: string, value: unknown]> {
  if (flags.roots.length > 0) yield ["roots", flags.roots];
  if (flags.dangerouslyAllowBroadRoot) yield ["dangerouslyAllowBroadRoot", true];
}

function withAbsolutePath(root: FilesystemConfig["roots"][number]): FilesystemConfig["roots"][number] {
  return typeof root === "string" ? resolvePath(root) : { ...root, path: resolvePath(root.path) };
}
