import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { resolvePath } from "../config/secret-file.ts";
import { defaultAuditDir, stateFolder } from "./audit-dir.ts";

/** The part of a configuration that says where things are kept. */
interface Places {
  readonly auditDir?: string;
  readonly state?: { readonly url?: string };
}

/**
 * Fills in where things are kept: the audit log, and the database of `sqlite:` without a path, lie in the folder that the platform
 * has for the state of programs.
 *
 * @param stateName of the server's own folder there
 */
export function withDefaultPlaces<Config extends Places>(
  config: Config,
  stateName: string,
  environment: NodeJS.ProcessEnv,
): Config & { readonly auditDir: string } {
  const auditDir = resolvePath(config.auditDir ?? defaultAuditDir(stateName, environment));
  if (config.state?.url !== "sqlite:") return { ...config, auditDir };
  const file = pathToFileURL(join(stateFolder(environment, process.platform), "hardened-mcp", stateName, "state.db"));
  return { ...config, auditDir, state: { ...config.state, url: `sqlite://${file.pathname}` } };
}
