import { type ChildProcess, type SpawnOptionsWithoutStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Caller, type Era, overHttp, overStdio } from "./calls.ts";
import { freePort } from "./registry.ts";
import type { Row } from "./rows.ts";
import { hasIssuer, type Services, tokensFor } from "./services.ts";
import { USES } from "./templates.ts";
import type { World } from "./world.ts";

/** A generated project, built. */
export interface Project {
  readonly row: Row;
  readonly folder: string;
  readonly world: World;
  readonly services: Services;
}

type Connect = (era: Era) => Promise<Caller & AsyncDisposable>;

/**
 * Starts the built server, and what has to run beside it, and hands out real clients.
 *
 * @throws {Error} it does not start; or it answers somebody over HTTP who shows no credential, or one for another server
 */
export async function served(
  project: Project,
  { allowWrite = false }: { readonly allowWrite?: boolean },
  use: (connect: Connect, isLocal: boolean) => Promise<void>,
): Promise<void> {
  const { row } = project;
  await using running = new AsyncDisposableStack();
  const { beside } = USES[row.template];
  if (beside !== undefined) running.defer(await startBeside(project, beside));
  const flags = allowWrite ? ["--allow-write"] : [];
  if (row.transport !== "http") await use(onStdio(project, flags), true);
  if (row.transport === "stdio") return;
  const { url, stop } = await startHttp(project, flags);
  running.defer(stop);
  const { good, bad } = await credentials(project);
  for (const credential of bad) await refuses(url, credential);
  await use(async (era) => closing(await overHttp(era, url, good)), false);
}

const closing = (caller: Caller): Caller & AsyncDisposable => ({
  ...caller,
  [Symbol.asyncDispose]: async () => await caller.close(),
});

function onStdio({ folder, world }: Project, flags: readonly string[]): Connect {
  // Started from elsewhere, as clients do.
  const command = {
    command: process.execPath,
    args: [join(folder, "dist/cli.js"), ...flags],
    cwd: world.folder,
    environment: world.environment,
  };
  return async (era) => closing(await overStdio(era, command));
}

async function startHttp(project: Project, flags: readonly string[]) {
  const { folder, world, row } = project;
  const config = row.transport === "both" ? ["--config", join(folder, "server.http.json")] : [];
  const child = start(process.execPath, [join(folder, "dist/cli.js"), ...config, ...flags], {
    cwd: world.folder,
    env: { ...world.environment, HARDENED_MCP_HTTP_PORT: "0" },
  });
  const line = await lineOf(child, "stderr", (text) => text.includes('"serving"'));
  return { url: new URL((JSON.parse(line) as { address: string }).address), stop: () => end(child) };
}

/** Of ports that somebody else took between looking and listening. */
const ATTEMPTS = 5;

/** The sample API's port is one of this machine, where more than one proof may run: it gets a free one each time. */
async function startBeside(project: Project, script: string): Promise<() => Promise<void>> {
  const { folder, world } = project;
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const [command = "", ...args] = (scripts[script] ?? "").split(" ");
  for (let attempt = 1; ; attempt++) {
    await moveToFreePort(folder);
    const child = start(command === "node" ? process.execPath : command, args, { cwd: folder, env: world.environment });
    try {
      await lineOf(child, "stdout", (text) => text.includes("http://"));
      return () => end(child);
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes("EADDRINUSE")) throw error;
    }
  }
}

async function moveToFreePort(folder: string): Promise<void> {
  const configs = ["server.config.json", "server.http.json"].map((name) => join(folder, name)).filter(existsSync);
  const { api } = JSON.parse(readFileSync(configs[0] ?? "", "utf8")) as { api: { baseUrl: string } };
  const { port } = new URL(api.baseUrl);
  const free = await freePort();
  for (const path of [join(folder, "sample/api.ts"), ...configs])
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(port, String(free)));
}

/** A process that does not outlive this one. */
function start(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptionsWithoutStdio, "cwd" | "env">,
): ChildProcess {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const orphan = () => void child.kill("SIGKILL");
  process.once("exit", orphan);
  child.once("exit", () => process.off("exit", orphan));
  return child;
}

/** What the server takes, and what it must not take. */
async function credentials({ row, folder, services }: Project) {
  if (row.auth === "none") return { good: undefined, bad: [] };
  if (hasIssuer(row)) {
    const resource = "http://127.0.0.1:3000/mcp";
    const tokens = await tokensFor(await services.authorizationServer(), {
      resource,
      scopes: USES[row.template].scopes,
    });
    return { good: tokens.good, bad: [undefined, "nonsense", tokens.foreign] };
  }
  const key = readFileSync(join(folder, "secrets/api-key"), "utf8").trim();
  return { good: key, bad: [undefined, "nonsense", `${key.slice(0, -4)}AAAA`] };
}

async function refuses(url: URL, credential: string | undefined): Promise<void> {
  const { status } = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });
  if (status !== 401) throw new Error(`Without a good credential the server answered ${status}.`);
}

/** The first line of a stream that fits; what else was said, on either, is in the error. */
async function lineOf(
  child: ChildProcess,
  from: "stdout" | "stderr",
  fits: (line: string) => boolean,
): Promise<string> {
  let said = "";
  const found = new Promise<string>((resolve) => {
    for (const stream of ["stdout", "stderr"] as const) {
      let text = "";
      child[stream]?.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        if (stream !== from) return;
        text += chunk.toString("utf8");
        const line = text.split("\n").slice(0, -1).find(fits);
        if (line !== undefined) resolve(line);
      });
    }
  });
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`The process ended with ${code}: ${said.slice(-2000)}`);
  });
  gone.catch(() => undefined);
  return await Promise.race([found, gone]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  await gone;
}
