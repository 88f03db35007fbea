import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Target } from "./target.ts";

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 15_000;

/** Starts the filesystem server as a user would: its own binary, its own process, a folder to serve. */
export async function startFilesystem(folder: string): Promise<Target> {
  const root = join(folder, "root");
  await mkdir(root, { recursive: true });
  await writeFile(join(root, "hello.txt"), "Hello.\n");
  return await startCommand("filesystem", folder, root);
}

/** The same for the database server, with a small file. */
export async function startDatabase(folder: string): Promise<Target> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "shop.db");
  const database = new DatabaseSync(file);
  database.exec("create table orders (id integer primary key, note text); insert into orders (note) values ('Hello.')");
  database.close();
  return await startCommand("database", folder, file);
}

/** The same for the HTTP API server, with a small document. What the suite asks of it reaches no API, so there is none. */
export async function startHttpApi(folder: string): Promise<Target> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "openapi.json");
  await writeFile(file, JSON.stringify(DOCUMENT));
  return await startCommand("http-api", folder, "--spec", file, "--base-url", "http://127.0.0.1:9/v1");
}

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: {
    "/orders/{id}": {
      get: {
        operationId: "getOrder",
        summary: "One order.",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        responses: { 200: { description: "It." } },
      },
    },
  },
};

type ServerName = "filesystem" | "database" | "http-api";

async function startCommand(server: ServerName, folder: string, ...served: readonly string[]): Promise<Target> {
  const cli = join(dirname(fileURLToPath(import.meta.resolve(`@hardened-mcp/${server}/package.json`))), "dist/cli.js");
  if (!existsSync(cli)) throw new Error(`${cli} is not there: build the workspace first.`);
  const address = `127.0.0.1:${await freePort()}`;
  const args = [cli, "--http", address, "--audit-dir", join(folder, "audit"), ...served];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-2_000);
  });
  // Should this process be ended early, nothing it started may stay behind.
  const killNow = (): void => void child.kill("SIGKILL");
  process.once("exit", killNow);
  const stop = async (): Promise<void> => {
    process.off("exit", killNow);
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  };
  const url = `http://${address}/mcp`;
  if (!(await answers(url, () => child.exitCode === null && child.signalCode === null))) {
    await stop();
    throw new Error(`The ${server} server did not start. It said last:\n${log}`);
  }
  return { url, stop };
}

/** Any answer will do: it says that the socket is bound and that HTTP is spoken. */
async function answers(url: string, isAlive: () => boolean): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && isAlive()) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      () => true,
      () => false,
    );
    if (answered) return true;
    await sleep(50);
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
