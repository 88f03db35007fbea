import { basename, resolve } from "node:path";
import type { Chosen } from "./choices.ts";
import type { Flags } from "./flags.ts";
import { checkedName, FALLBACK, nameFromFolder, refuseHome, refuseUnseen } from "./name.ts";
import { LOOPBACK, PLACEHOLDERS, type Project } from "./project.ts";
import { refuseUnsafe } from "./refusals.ts";

/** The package manager that runs us says so in every child's environment. */
export function packageManagerOf({ npm_config_user_agent: agent = "" }: NodeJS.ProcessEnv): Chosen["pm"] {
  const name = agent.split("/")[0];
  return name === "pnpm" || name === "yarn" || name === "bun" ? name : "npm";
}

/** What is chosen where nobody says anything. Over HTTP callers say who they are, and a key works without anything else. */
export function defaultsFor(flags: Flags, environment: NodeJS.ProcessEnv): Chosen {
  const transport = flags.transport ?? "stdio";
  return {
    template: "minimal",
    transport,
    auth: transport === "stdio" ? "none" : "api-key",
    state: "sqlite",
    pm: packageManagerOf(environment),
  };
}

/**
 * The project that the answers describe.
 *
 * @throws {UsageError} they contradict each other, or would be unsafe
 */
export function resolveProject(flags: Flags, environment: NodeJS.ProcessEnv): Project {
  const defaults = defaultsFor(flags, environment);
  const { issuer, publicUrl } = flags;
  refuseHome(flags.dir ?? FALLBACK);
  const dir = resolve(flags.dir ?? FALLBACK);
  refuseUnseen(dir);
  const pm = flags.pm ?? defaults.pm;
  const project: Project = {
    template: flags.template ?? defaults.template,
    transport: flags.transport ?? defaults.transport,
    auth: flags.auth ?? defaults.auth,
    state: flags.state ?? defaults.state,
    pm,
    isBerry: pm === "yarn" && /^yarn\/(?!1\.)/.test(environment["npm_config_user_agent"] ?? ""),
    dir,
    name: flags.name === undefined ? nameFromFolder(basename(dir)) : checkedName(flags.name),
    host: flags.host ?? LOOPBACK,
    issuer: issuer ?? PLACEHOLDERS.issuer,
    publicUrl: publicUrl ?? PLACEHOLDERS.publicUrl,
    said: { issuer: issuer !== undefined && issuer !== PLACEHOLDERS.issuer, publicUrl: publicUrl !== undefined },
  };
  refuseUnsafe(project, flags);
  return project;
}
