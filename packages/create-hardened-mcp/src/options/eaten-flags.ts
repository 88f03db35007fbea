import { UsageError } from "@hardened-mcp/server/flags";

/** Of ours, those that npm has no flag of its own for. */
const OURS = [
  "template",
  "transport",
  "state",
  "pm",
  "host",
  "issuer",
  "public-url",
  "vendor",
  "interactive",
  "overwrite",
];

/** Of ours, those that npm knows by another meaning, and what its environment says of one that was typed. */
const SHARED: Readonly<Record<string, readonly [variable: string, value: RegExp]>> = {
  "dry-run": ["npm_config_dry_run", /^true$/],
  json: ["npm_config_json", /^true$/],
  "no-install": ["npm_config_install", /^(?:false)?$/],
  "no-git": ["npm_config_git", /^(?:false)?$/],
  auth: ["npm_config_auth_type", /^(?:none|jwt|oauth|api-key)$/],
  name: ["npm_config_name", /./],
};

/**
 * `npm create hardened-mcp x --transport=http` gives the flag to npm, which drops it with a warning: a project would be made that
 * nobody asked for.
 *
 * @throws {UsageError} npm has taken a flag of ours, with how to write it
 */
export function refuseEatenFlags(environment: NodeJS.ProcessEnv): void {
  if (environment["npm_config_user_agent"]?.startsWith("npm/") !== true) return;
  const eaten =
    OURS.find((flag) => environment[`npm_config_${flag.replaceAll("-", "_")}`] !== undefined) ??
    Object.entries(SHARED).find(([, [variable, value]]) => isSaid(environment[variable], value))?.[0];
  if (eaten === undefined) return;
  throw new UsageError(
    `npm has taken --${eaten} for itself. Put "--" before the flags: npm create hardened-mcp@latest my-server -- --${eaten} ...`,
  );
}

function isSaid(text: string | undefined, value: RegExp): boolean {
  return text !== undefined && value.test(text);
}
