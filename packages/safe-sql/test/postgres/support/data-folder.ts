import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOurs, type PostgresBinaries, sharedName } from "./postgres-binaries.ts";

/** Settings of the environment that would make the data of one machine another than that of the next. */
export const CLEAN = { LC_ALL: "C", TZ: "UTC", PATH: process.env["PATH"] ?? "" };

/**
 * A new data folder with the superuser `postgres`, password `password`. initdb takes a second of processor time, a copy of what it made
 * once 0.15: each test file that has a server of its own begins with a copy.
 */
export async function dataFolder(binaries: PostgresBinaries): Promise<string> {
  const template = await madeOnce(binaries);
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-pgdata-"));
  const copying = spawn("cp", ["-a", `${template}/.`, folder]);
  if ((await ended(copying)) !== 0) throw new Error(`${template} cannot be copied`);
  return folder;
}

async function madeOnce(binaries: PostgresBinaries): Promise<string> {
  const shared = sharedName("data", binaries.initdb);
  if (isOurs(shared)) return join(shared, "data");
  const own = mkdtempSync(join(tmpdir(), "hardened-mcp-postgres-making-"));
  chmodSync(own, 0o755);
  await initdb(binaries, own);
  try {
    renameSync(own, shared);
  } catch {
    // Another test process was first.
    rmSync(own, { recursive: true, force: true });
  }
  if (!isOurs(shared)) throw new Error(`${shared} is not of our making. Remove it.`);
  return join(shared, "data");
}

async function initdb({ initdb: program, user }: PostgresBinaries, folder: string): Promise<void> {
  const [data, password] = [join(folder, "data"), join(folder, "password")];
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(password, "password\n", { mode: 0o600 });
  if (user !== undefined) for (const path of [data, password]) chownSync(path, user.uid, user.gid);
  const login = ["--auth=scram-sha-256", "--username=postgres", `--pwfile=${password}`];
  const args = [`--pgdata=${data}`, ...login, "--no-sync", "--encoding=UTF8", "--no-locale"];
  const made = spawn(program, args, { ...user, env: CLEAN, cwd: data, stdio: ["ignore", "ignore", "pipe"] });
  made.stderr?.resume();
  const code = await ended(made);
  if (code !== 0) throw new Error(`initdb ended with ${code}`);
  rmSync(password);
}

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
