import { nearest, UsageError } from "@hardened-mcp/server/flags";

/** Of ours, those that npm has no setting for, nor one that is spelt much like it: a slip of the fingers is seen, too. */
const LONG = ["template", "transport", "issuer", "public-url", "vendor", "interactive", "overwrite"];
/** The same, but near to settings of other tools, such as pnpm's `hoist`. */
const SHORT = ["state", "host", "pm"];

/** Of ours, those that npm knows by another meaning, and what its environment says of one that was typed. */
const SHARED: Readonly<Record<string, readonly [variable: string, value: RegExp]>> = {
  "dry-run": ["npm_config_dry_run", /^true$/],
  json: ["npm_config_json", /^true$/],
  "no-install": ["npm_config_install", /^(?:false)?$/],
  "no-git": ["npm_config_git", /^(?:false)?$/],
  name: ["npm_config_name", /./],
  // Read as `-p -m`: parseable, message.
  pm: ["npm_config_message", /^(?:npm|pnpm|yarn|bun)$/],
};

const PREFIX = "npm_config_";

/**
 * `npm create hardened-mcp x --transport=http` gives the flag to npm, which drops it with a warning: a project would be made that
 * nobody asked for. Of `--auth` npm leaves nothing that could be seen here.
 *
 * @throws {UsageError} npm has taken a flag of ours, with how to write it
 */
export function refuseEatenFlags(environment: NodeJS.ProcessEnv): void {
  if (environment[`${PREFIX}user_agent`]?.startsWith("npm/") !== true) return;
  const eaten =
    Object.keys(environment).map(ofOurs).find(Boolean) ??
    Object.entries(SHARED).find(([, [variable, value]]) => isSaid(environment[variable], value))?.[0];
  if (eaten === undefined) return;
  throw new UsageError(
    `npm has taken --${eaten} for itself. Put "--" before the flags: npm create hardened-mcp@latest my-server -- --${eaten} ...`,
  );
}

function ofOurs(variable: string): string | undefined {
  if (!variable.startsWith(PREFIX)) return undefined;
  const name = variable.slice(PREFIX.length).replaceAll("_", "-");
  return SHORT.includes(name) ? name : nearest(name, LONG);
}

function isSaid(text: string | undefined, value: RegExp): boolean {
  return text !== undefined && value.test(text);
}
