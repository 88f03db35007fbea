import { relative } from "node:path";
import { isLoopback, type Project, urlOf } from "../options/project.ts";
import { shellWord } from "./shell-word.ts";

/** The three lines at the end. */
export interface NextSteps {
  readonly start: string;
  /** What must run by then, and where its address is to be put. */
  readonly needs?: string;
  readonly connect: string;
  readonly off: string;
}

/** Who keeps state in another process. */
const STORES: Partial<Record<Project["state"], string>> = { postgres: "PostgreSQL", redis: "Redis or Valkey" };

/** @param isInstalled whether the dependencies are there already */
export function nextSteps(project: Project, isInstalled: boolean): NextSteps {
  const { dir, pm, transport, state } = project;
  const to = relative(process.cwd(), dir);
  const script = `${pm} run ${transport === "both" ? "start:http" : "start"}`;
  const commands = [
    // `cd -` and `cd -x` are no folders.
    ...(to === "" ? [] : [`cd ${shellWord(to.startsWith("-") ? `./${to}` : to)}`]),
    ...(isInstalled ? [] : [`${pm} install`]),
    `${pm} run build`,
    ...(transport === "stdio" ? [] : [script]),
  ];
  const store = STORES[state];
  const needs = store === undefined ? {} : { needs: `${store} running, its URL in secrets/state-url` };
  return { start: commands.join(" && "), ...needs, connect: connectLine(project), off: offLine(project) };
}

function connectLine(project: Project): string {
  const { name, dir, transport, auth } = project;
  if (transport !== "http") return `claude mcp add ${name} -- node ${shellWord(`${dir}/dist/cli.js`)}`;
  const key =
    auth === "api-key" ? ` --header "Authorization: Bearer $(cat ${shellWord(`${dir}/secrets/api-key`)})"` : "";
  return `claude mcp add --transport http ${name} ${shellWord(urlOf(project))}${key}`;
}

function offLine({ transport, auth, said, host }: Project): string {
  const file = transport === "both" ? "server.http.json" : "server.config.json";
  const hasTokens = auth === "jwt" || auth === "oauth";
  return [
    transport === "http" && auth === "none"
      ? "every tool that writes"
      : "every tool that writes (--allow-write offers them)",
    ...(transport === "stdio" ? ["HTTP"] : isLoopback(host) ? ["other machines"] : []),
    ...(hasTokens && !said.issuer ? [`sign-in, until ${file} names your issuer`] : []),
    "telemetry",
  ].join("; ");
}
