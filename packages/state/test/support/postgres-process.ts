import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresBinaries } from "./postgres-binaries.ts";

/** One PostgreSQL with a data folder of its own. */
export interface PostgresProcess {
  readonly databaseDir: string;
  /** Resolves once it takes connections. */
  start(flags: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  /** Of the postmaster. */
  pid(): number;
}

const CLEAN = { LC_ALL: "C", TZ: "UTC", PATH: process.env["PATH"] ?? "" };

/** Makes the data folder: superuser `postgres` with this password. */
export async function initialisePostgres(password: string): Promise<PostgresProcess> {
  const { initdb, postgres, user } = postgresBinaries();
  const base = mkdtempSync(join(tmpdir(), "hardened-mcp-postgres-"));
  const [databaseDir, passwordFile] = [mkdtempSync(join(tmpdir(), "hardened-mcp-pgdata-")), join(base, "password")];
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) for (const path of [base, databaseDir, passwordFile]) chownSync(path, user.uid, user.gid);
  const options: SpawnOptions = { ...user, env: CLEAN, cwd: databaseDir, stdio: ["ignore", "ignore", "pipe"] };
  const made = spawn(
    initdb,
    [
      `--pgdata=${databaseDir}`,
      "--auth=password",
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--no-sync",
      "--encoding=UTF8",
      "--no-locale",
    ],
    options,
  );
  await ended("initdb", made);
  rmSync(base, { recursive: true, force: true });

  let running: ChildProcess | undefined;
  // A test process that dies must not leave its database behind.
  process.once("exit", () => running?.kill("SIGKILL"));
  return {
    databaseDir,
    async start(flags) {
      running = spawn(postgres, ["-D", databaseDir, ...flags], options);
      await ready(running);
    },
    async stop() {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = once(running, "exit");
      running.kill("SIGINT");
      await gone;
    },
    pid: () => running?.pid ?? 0,
  };
}

async function ended(what: string, child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${said}`);
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
