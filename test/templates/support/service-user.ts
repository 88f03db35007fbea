import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { SETPRIV } from "../../support/other-user.ts";

export { CAN_BE_OTHERS } from "../../support/other-user.ts";

/** The user of the image, of the pod and, here, of the unit. */
export const SERVICE = 65532;

/** A file or folder of the templates. */
export const at = (path: string): string =>
  fileURLToPath(new URL(`../../../templates/${path}`, import.meta.url)).replace(/\/$/, "");

const as = (user: number, command: readonly string[]): readonly string[] => [
  `--reuid=${user}`,
  `--regid=${user}`,
  "--clear-groups",
  "--no-new-privs",
  "--",
  ...command,
];

/** Runs a command as `user`, in a folder of the templates where one is named. */
export const runIn = (cwd: string, user: number, command: readonly string[]) =>
  spawnSync(SETPRIV, as(user, command), { encoding: "utf8", cwd });
export const run = (user: number, ...command: readonly string[]) => runIn("/", user, command);

export type Owned = readonly [user: number, group: number, mode: number];

export function makeOwnedFolder(path: string, [user, group, mode]: Owned): string {
  mkdirSync(path);
  chownSync(path, user, group);
  chmodSync(path, mode);
  return path;
}

export function writeOwned(path: string, text: string, [user, group, mode]: Owned): void {
  writeFileSync(path, text);
  chownSync(path, user, group);
  chmodSync(path, mode);
}

/** Starts a template's server as the service's user, from files that it cannot change; ends it once it serves. */
export async function serveOnce(template: string, environment: Readonly<Record<string, string>>) {
  const command = [process.execPath, at(`${template}/src/cli.ts`), "--http", "127.0.0.1:0"];
  const child = spawn(SETPRIV, as(SERVICE, command), {
    env: { PATH: "", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    const served = said.includes('"msg":"serving"');
    said += String(chunk);
    // Once: a second signal ends a process that is about to stop.
    if (!served && said.includes('"msg":"serving"')) child.kill("SIGTERM");
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, said };
}

export const SERVES_TLS = { code: 0, said: expect.stringMatching(/"address":"https:/) };
export const SERVES_PLAIN = { code: 0, said: expect.stringMatching(/"address":"http:/) };

/** The values that a unit gives `key`, in its order. */
export const valuesIn = (unit: string, key: string): readonly string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value ?? "");

/** A line of a unit as systemd splits it: quotes hold words together. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");

/** What the unit sets in the environment, but for the port that is fixed. */
export function environmentOf(unit: string): Record<string, string> {
  const entries = valuesIn(unit, "Environment").flatMap((line) => line.split(" ").map((one) => one.split("=")));
  const { HARDENED_MCP_HTTP_MONITOR_PORT: _, ...own } = Object.fromEntries(
    entries.map(([key = "", value = ""]) => [key, value]),
  );
  return own;
}
