import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa } from "../support/certificates.ts";
import { sharedFor } from "./support/shared.ts";

const SETPRIV = "/usr/bin/setpriv";
/** The user of the image, of the pod and, here, of the unit. */
const SERVICE = 65532;
const OTHER = 65533;
/** What a server with shared state gets. */
const CHOSEN = { template: "minimal", transport: "http", auth: "api-key", state: "redis", pm: "npm" };

const at = (path: string): string => fileURLToPath(new URL(`../../templates/${path}`, import.meta.url));
const as = (user: number, ...command: readonly string[]): readonly string[] => [
  `--reuid=${user}`,
  `--regid=${user}`,
  "--clear-groups",
  "--no-new-privs",
  "--",
  ...command,
];
const run = (user: number, ...command: readonly string[]) =>
  spawnSync(SETPRIV, as(user, ...command), { encoding: "utf8" });

let folder: string;
let secrets: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hardened-mcp-user-"));
  chmodSync(folder, 0o755);
  const { cert, key } = await (await createTestCa()).issue();
  secrets = {
    "tls.crt": cert,
    "tls.key": key,
    "state.key": "k".repeat(32),
    "state-url": `sqlite://${folder}/state/state.db`,
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of the given owner, group and mode. */
function ownedFolder(name: string, [user, group, mode]: readonly [user: number, group: number, mode: number]): string {
  const path = join(folder, name);
  mkdirSync(path);
  chownSync(path, user, group);
  chmodSync(path, mode);
  return path;
}

function writeOwned(path: string, text: string, [user, group, mode]: readonly [number, number, number]): void {
  writeFileSync(path, text);
  chownSync(path, user, group);
  chmodSync(path, mode);
}

/** As the kubelet lays a secret out for a pod with an fsGroup: root's, readable by the group, each name a link through `..data`. */
function mountedSecret(name: string, mode: number): string {
  const mount = ownedFolder(name, [0, SERVICE, 0o2775]);
  const version = "..2026_01_01_00_00_00.1";
  ownedFolder(`${name}/${version}`, [0, SERVICE, 0o2755]);
  for (const [file, text] of Object.entries(secrets)) writeOwned(join(mount, version, file), text, [0, SERVICE, mode]);
  symlinkSync(version, join(mount, "..data"));
  for (const file of Object.keys(secrets)) symlinkSync(`..data/${file}`, join(mount, file));
  return mount;
}

/** Which setting names which secret, in the order of the unit. */
const SETTINGS = {
  HARDENED_MCP_HTTP_TLS_CERT_FILE: "tls.crt",
  HARDENED_MCP_HTTP_TLS_KEY_FILE: "tls.key",
  HARDENED_MCP_STATE_URL_FILE: "state-url",
  HARDENED_MCP_STATE_KEY_FILE: "state.key",
};
const settingsFor = (place: string): Record<string, string> =>
  Object.fromEntries(Object.entries(SETTINGS).map(([setting, file]) => [setting, join(place, file)]));

/** Starts the server as the service's user, over TLS and with shared state; ends it once it serves. */
async function started(name: string, environment: Readonly<Record<string, string>>) {
  const home = ownedFolder(name, [SERVICE, SERVICE, 0o700]);
  const state = join(folder, "state");
  if (!existsSync(state)) ownedFolder("state", [SERVICE, SERVICE, 0o700]);
  const child = spawn(SETPRIV, as(SERVICE, process.execPath, at("minimal/src/cli.ts"), "--http", "127.0.0.1:0"), {
    env: { PATH: "", XDG_STATE_HOME: home, ...environment },
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

const SERVES = { code: 0, said: expect.stringMatching(/"address":"https:/) };

describe.runIf(process.getuid?.() === 0 && existsSync(SETPRIV))(
  "secrets of a pod, to a server that runs as its user",
  () => {
    it.each([
      ["0440, as with an fsGroup", 0o440],
      ["0644, as by default", 0o644],
    ])("are refused where they are mounted %s", async (name, mode) => {
      const mount = mountedSecret(`mounted ${name}`, mode);
      const { code, said } = await started(`home ${name}`, settingsFor(mount));
      expect(code).toBe(78);
      expect(said).toMatch(/can be read by others|have access to it/);
    });

    it("are its own once they are placed, and nobody else's; also where the pod is started again on the same volume", async () => {
      const mount = mountedSecret("mounted", 0o440);
      // An emptyDir with an fsGroup.
      const placed = ownedFolder("placed", [0, SERVICE, 0o2777]);
      for (const _ of ["first", "again"]) {
        expect(run(SERVICE, process.execPath, at("shared/deploy/place-secrets.mjs"), mount, placed)).toMatchObject({
          status: 0,
          stderr: "",
        });
      }
      expect(readdirSync(placed).sort()).toEqual(Object.keys(secrets).sort());
      for (const file of Object.keys(secrets)) {
        const { uid, mode } = statSync(join(placed, file));
        expect([file, uid, mode & 0o777]).toEqual([file, SERVICE, 0o400]);
        expect(run(OTHER, "/bin/cat", join(placed, file)).status).not.toBe(0);
      }
      expect(await started("home placed", settingsFor(placed))).toEqual(SERVES);
    });
  },
);

describe.runIf(process.getuid?.() === 0 && existsSync(SETPRIV))(
  "credentials of the unit, to a server that runs as its user",
  () => {
    const unit = sharedFor("deploy/my-server.service", CHOSEN);
    const linesOf = (key: string) =>
      [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value ?? "");

    it.each([
      ["its user's, 0400", [SERVICE, SERVICE, 0o400]],
      ["root's, which an access list opens to it and whose mode is 0440 then", [0, SERVICE, 0o440]],
    ] as const)("are served with where they are %s", async (name, owned) => {
      const credentials = ownedFolder(`credentials ${name}`, [SERVICE, SERVICE, 0o500]);
      for (const one of linesOf("LoadCredential")) {
        const [file = ""] = one.split(":");
        writeOwned(join(credentials, file), secrets[file] ?? "", owned);
      }
      const runtime = ownedFolder(`runtime ${name}`, [SERVICE, SERVICE, 0o700]);
      const here = (text: string) =>
        text.replaceAll("/run/my-server", runtime).replace(/\$\{CREDENTIALS_DIRECTORY\}/g, credentials);
      for (const line of linesOf("ExecStartPre")) {
        expect(run(SERVICE, ...line.split(" ").map(here))).toMatchObject({ status: 0, stderr: "" });
      }
      for (const file of readdirSync(runtime)) expect(run(OTHER, "/bin/cat", join(runtime, file)).status).not.toBe(0);
      const variables = linesOf("Environment").flatMap((line) => line.split(" ").map((one) => one.split("=")));
      const environment = Object.fromEntries(variables.map(([key = "", value = ""]) => [key, here(value)]));
      const { XDG_STATE_HOME: _, HARDENED_MCP_HTTP_MONITOR_PORT: __, ...own } = environment;
      expect(Object.keys(own)).toEqual(["NODE_ENV", ...Object.keys(SETTINGS)]);
      expect(await started(`home ${name}`, own)).toEqual(SERVES);
    });
  },
);
