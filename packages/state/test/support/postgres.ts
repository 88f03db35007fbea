import { chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { initialisePostgres } from "./postgres-process.ts";
import { freePort, type ServerCertificate, type TestServer, until } from "./test-server.ts";

/** Options of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** Further arguments of postgres, such as `["-c", "max_connections=20"]`. */
  readonly flags?: readonly string[];
  /** Offers TLS with this certificate. */
  readonly tls?: ServerCertificate;
}

/**
 * Starts a real PostgreSQL 18 with a data folder of its own; superuser `postgres`, password `password`.
 *
 * @example
 * const postgres = await startPostgres();
 * afterAll(() => postgres.stop());
 * const store = await openState(postgres.url, { namespace: "test", macKeys: [randomBytes(32)] });
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<TestServer> {
  const port = await freePort();
  const server = await initialisePostgres("password");
  const { databaseDir } = server;
  if (options.tls) putCertificate(databaseDir, options.tls);
  const flags = [
    "-p",
    String(port),
    "-c",
    "listen_addresses=127.0.0.1",
    // Durable against SIGKILL (that is what tests do), not against power loss.
    "-c",
    "fsync=off",
    "-k",
    databaseDir,
    ...(options.tls ? TLS_FLAGS : []),
    ...(options.flags ?? []),
  ];
  await server.start(flags);
  let pid = server.pid();

  async function kill(): Promise<void> {
    // Its children, too: one that serves a connection would go on answering for a moment.
    const all = family(pid);
    for (const one of all) send(one, "SIGKILL");
    await until("PostgreSQL is gone", () => !all.some(alive));
  }

  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres${options.tls ? "?sslmode=verify-full" : ""}`,
    port,
    async stop() {
      if (alive(pid)) {
        for (const one of family(pid)) send(one, "SIGCONT");
        await server.stop();
      }
      await rm(databaseDir, { recursive: true, force: true });
    },
    kill,
    async restart() {
      await until("PostgreSQL starts again", () =>
        server.start(flags).then(
          () => true,
          () => false,
        ),
      );
      pid = server.pid();
    },
    pause: () => family(pid).forEach((one) => void send(one, "SIGSTOP")),
    resume: () => family(pid).forEach((one) => void send(one, "SIGCONT")),
  };
}

const TLS_FLAGS = ["-c", "ssl=on", "-c", "ssl_cert_file=cert.pem", "-c", "ssl_key_file=key.pem"];

/** PostgreSQL refuses a key that is not its user's own. */
function putCertificate(databaseDir: string, tls: ServerCertificate): void {
  const { uid, gid } = statSync(databaseDir);
  for (const name of ["cert", "key"] as const) {
    const path = join(databaseDir, `${name}.pem`);
    writeFileSync(path, tls[name], { mode: 0o600 });
    chownSync(path, uid, gid);
  }
}

/** The postmaster and every process it started, one for each connection among them. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

/** One that has ended and waits to be collected by init is not. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Whether there was such a process: one that serves a connection may end at any moment. */
function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
