import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { CLEAN, dataFolder } from "./data-folder.ts";
import { postgresBinaries } from "./postgres-binaries.ts";

/** A real PostgreSQL 18 with a data folder of its own; superuser `postgres`, password `password`. */
export interface TestPostgres {
  readonly port: number;
  /** Of the superuser. */
  readonly url: string;
  urlOf(user: string, password?: string): string;
  /** As the superuser; several statements are fine. */
  admin(sql: string): Promise<pg.QueryResult>;
  /** SIGKILL, with every process that serves a connection. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly flags?: readonly string[];
  /** Offers TLS with this certificate. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export async function startPostgres({ flags = [], tls }: StartOptions = {}): Promise<TestPostgres> {
  const binaries = postgresBinaries();
  const { postgres, user } = binaries;
  const folder = await dataFolder(binaries);
  const own = (path: string): void => void (user !== undefined && chownSync(path, user.uid, user.gid));
  const options: SpawnOptions = { ...user, env: CLEAN, cwd: folder, stdio: ["ignore", "ignore", "pipe"] };
  for (const name of ["cert", "key"] as const) {
    if (tls === undefined) continue;
    writeFileSync(join(folder, `${name}.pem`), tls[name], { mode: 0o600 });
    own(join(folder, `${name}.pem`));
  }
  const port = await freePort();
  const given = [
    "-p",
    String(port),
    "-k",
    folder,
    ...pairs(["listen_addresses=127.0.0.1", "fsync=off", "max_connections=40"]),
  ];
  const secure = tls === undefined ? [] : pairs(["ssl=on", "ssl_cert_file=cert.pem", "ssl_key_file=key.pem"]);
  let running: ChildProcess;
  const start = async (): Promise<void> => {
    running = spawn(postgres, ["-D", folder, ...given, ...secure, ...flags], options);
    await ready(running);
  };
  // A test process that dies must not leave its database behind.
  process.once("exit", () => running.kill("SIGKILL"));
  await start();
  const urlOf = (name: string, password = "password"): string =>
    `postgres://${name}:${password}@127.0.0.1:${port}/postgres${tls === undefined ? "" : "?sslmode=verify-full"}`;
  const admin = superuser(port);
  return {
    port,
    url: urlOf("postgres"),
    urlOf,
    admin: (sql) => admin.query(sql),
    async kill() {
      const gone = once(running, "exit");
      for (const pid of family(running.pid!)) send(pid, "SIGKILL");
      await gone;
    },
    restart: start,
    async stop() {
      await admin.close();
      if (running.exitCode === null && running.signalCode === null) {
        const gone = once(running, "exit");
        running.kill("SIGINT");
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks as the superuser, over one connection for as long as nothing fails on it. */
function superuser(port: number) {
  let open: Promise<pg.Client> | undefined;
  const connect = async (): Promise<pg.Client> => {
    const login = { user: "postgres", password: "password", database: "postgres" };
    const client = new pg.Client({ host: "127.0.0.1", port, ...login, ssl: false });
    // A server that is killed in a test takes the connection with it.
    client.on("error", () => {
      open = undefined;
    });
    await client.connect();
    return client;
  };
  const close = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.then((client) => client.end()).catch(() => {});
  };
  return {
    close,
    async query(sql: string): Promise<pg.QueryResult> {
      open ??= connect();
      try {
        return await (await open).query(sql);
      } catch (error) {
        // A transaction that failed half-way stays open.
        await close();
        throw error;
      }
    },
  };
}

function pairs(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ["-c", setting]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The postmaster and every process it started. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function ready(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (chunk.includes("ready to accept connections")) resolve();
    });
  });
}
