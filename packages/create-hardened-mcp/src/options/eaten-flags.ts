import { UsageError } from "@hardened-mcp/server/flags";

/** Of ours, those that npm has no flag of its own for. */
const OURS = ["template", "transport", "state", "pm", "host", "issuer", "public-url", "vendor"];

/**
 * `npm create hardened-mcp x --transport=http` gives the flag to npm, which drops it with a warning: a project would be made that
 * nobody asked for.
 *
 * @throws {UsageError} npm has taken a flag of ours, with how to write it
 */
export function refuseEatenFlags(environment: NodeJS.ProcessEnv): void {
  if (environment["npm_config_user_agent"]?.startsWith("npm/") !== true) return;
  const eaten = OURS.find((flag) => environment[`npm_config_${flag.replaceAll("-", "_")}`] !== undefined);
  if (eaten === undefined) return;
  throw new UsageError(
    `npm has taken --${eaten} for itself. Put "--" before the flags: npm create hardened-mcp@latest my-server -- --${eaten} ...`,
  );
}
