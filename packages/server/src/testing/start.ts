import { type ChildProcess, spawn } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { clientOf, connect } from "./connect.ts";
import { CLI, environmentOf, flagsOf, type StartOptions } from "./project.ts";
import type { Generation, Session } from "./session.ts";
import { type TestEnd, tempFolder } from "./temp-folder.ts";

/** Who a caller over HTTP is, for the policy. */
export interface Caller {
  readonly roles?: readonly string[];
  readonly scopes: readonly string[];
}

/** Starts the project's server as clients on this machine do, and talks to it by standard input and output. Both end with the test. */
export async function openStdio(t: TestEnd, options: StartOptions): Promise<Session> {
  const folder = options.folder ?? tempFolder(t);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, ...flagsOf(folder, options)],
    env: environmentOf(folder, options),
    stderr: "ignore",
  });
  return connect(t, clientOf("new"), transport);
}

/**
 * Starts the project's server over HTTP, for several callers with a key each: one start is enough for a whole table of cases.
 *
 * @returns connects one of the callers; server and clients end with the test
 */
export async function startHttp<Name extends string>(
  t: TestEnd,
  { callers, ...options }: StartOptions & { readonly callers: Readonly<Record<Name, Caller>> },
): Promise<(caller: Name, generation?: Generation) => Promise<Session>> {
  const folder = options.folder ?? tempFolder(t);
  const keys = new Map(Object.keys(callers).map((id) => [id, `hmcp_${id}_${randomBytes(32).toString("base64url")}`]));
  const apiKeys = Object.entries<Caller>(callers).map(([id, caller]) => {
    return { ...caller, id, subject: id, hash: `sha256:${hash("sha256", keys.get(id) ?? "", "base64url")}` };
  });
  const auth = { resource: "http://127.0.0.1:3000/mcp", apiKeys };
  const flags = flagsOf(folder, { ...options, config: { ...options.config, auth } });
  const server = spawn(process.execPath, [CLI, ...flags, "--http", "127.0.0.1:0"], {
    env: environmentOf(folder, options),
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => server.kill());
  const url = new URL(await addressOf(server));
  return (caller, generation = "new") => {
    const requestInit = { headers: { authorization: `Bearer ${keys.get(caller)}` } };
    const Transport = generation === "new" ? StreamableHTTPClientTransport : OldHttp;
    return connect(t, clientOf(generation), new Transport(url, { requestInit }));
  };
}

/** Where the server listens: it logs that once it does. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  const log: string[] = [];
  if (stderr === null) throw new Error("its log is not read");
  for await (const line of createInterface(stderr)) {
    log.push(line);
    const address = /"address":"([^"]+)"/.exec(line)?.[1];
    if (address === undefined) continue;
    // The log goes on; unread, it would fill the pipe.
    stderr.resume();
    return address;
  }
  throw new Error(`The server has not started:\n${log.join("\n")}`);
}
