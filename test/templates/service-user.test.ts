import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCa } from "../support/certificates.ts";
import {
  at,
  CAN_BE_OTHERS,
  environmentOf,
  makeOwnedFolder,
  type Owned,
  run,
  runIn,
  SERVES_PLAIN,
  SERVES_TLS,
  SERVICE,
  serveOnce,
  valuesIn,
  wordsOf,
  writeOwned,
} from "./support/service-user.ts";
import { sharedFor } from "./support/shared.ts";

const OTHER = 65533;
/** What a server with shared state gets. */
const CHOSEN = { template: "minimal", transport: "http", auth: "api-key", state: "redis", pm: "npm" };

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
    "api-token": "a-token-of-an-api",
    "state-url": `sqlite://${folder}/state/state.db`,
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

const ownedFolder = (name: string, owned: Owned): string => makeOwnedFolder(join(folder, name), owned);

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

async function started(name: string, environment: Readonly<Record<string, string>>, template = CHOSEN.template) {
  const home = ownedFolder(name, [SERVICE, SERVICE, 0o700]);
  if (!existsSync(join(folder, "state"))) ownedFolder("state", [SERVICE, SERVICE, 0o700]);
  return serveOnce(template, { XDG_STATE_HOME: home, ...environment });
}

describe.runIf(CAN_BE_OTHERS)("secrets of a pod, to a server that runs as its user", () => {
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
    expect(await started("home placed", settingsFor(placed))).toEqual(SERVES_TLS);
  });
});

/** The lines for the token of an API are comments; here they are in force. */
const withToken = (unit: string) => unit.replace(/^# ((?:LoadCredential|ExecStartPre|Environment)=)/gm, "$1");
const SHARED_UNIT = sharedFor("deploy/mcp-my-server.service", CHOSEN);
const API = { ...CHOSEN, template: "http-api", state: "sqlite" };
const API_UNIT = withToken(sharedFor("deploy/mcp-my-server.service", API));

/** Starts a server as the unit does; how systemd keeps credentials depends on its version. */
async function startedByUnit(name: string, unit: string, template: string, owned: Owned) {
  const credentials = ownedFolder(`credentials ${name}`, [SERVICE, SERVICE, 0o500]);
  for (const one of valuesIn(unit, "LoadCredential")) {
    const [file = ""] = one.split(":");
    writeOwned(join(credentials, file), secrets[file] ?? "", owned);
  }
  const runtime = ownedFolder(`runtime ${name}`, [SERVICE, SERVICE, 0o700]);
  const state = ownedFolder(`var ${name}`, [SERVICE, SERVICE, 0o700]);
  const here = (text: string) =>
    text
      .replaceAll("/run/mcp-my-server", runtime)
      .replaceAll("/var/lib/mcp-my-server", state)
      .replaceAll("/usr/bin/node", process.execPath)
      .replace(/\$\{CREDENTIALS_DIRECTORY\}/g, credentials);
  for (const line of valuesIn(unit, "ExecStartPre")) {
    expect(runIn(at(template), SERVICE, wordsOf(line).map(here))).toMatchObject({ status: 0, stderr: "" });
  }
  for (const file of readdirSync(runtime)) expect(run(OTHER, "/bin/cat", join(runtime, file)).status).not.toBe(0);
  const environment = Object.fromEntries(Object.entries(environmentOf(unit)).map(([key, value]) => [key, here(value)]));
  return { environment, end: await started(`home ${name}`, environment, template) };
}

describe.runIf(CAN_BE_OTHERS)(
  "credentials of the unit, to a server that runs as its user",
  { timeout: 120_000 },
  () => {
    it.each([
      ["its user's, 0400", SHARED_UNIT, "minimal", [SERVICE, SERVICE, 0o400]],
      [
        "root's, which an access list opens to it and whose mode is 0440 then",
        SHARED_UNIT,
        "minimal",
        [0, SERVICE, 0o440],
      ],
      ["its user's, the token of an API among them", API_UNIT, "http-api", [SERVICE, SERVICE, 0o400]],
    ] as const)("are served with where they are %s", async (name, unit, template, owned) => {
      const { environment, end } = await startedByUnit(name.replace(/\W+/g, "-"), unit, template, owned);
      expect(end).toEqual(SERVES_TLS);
      const named = Object.keys(environment).filter((key) => key.endsWith("_FILE") && !key.includes("NOTES"));
      expect(named).toEqual(
        template === "minimal"
          ? Object.keys(SETTINGS)
          : [...Object.keys(SETTINGS).slice(0, 2), "HARDENED_MCP_API_TOKEN_FILE"],
      );
    });

    it("need be no certificate where a proxy ends TLS, once the lines with tls are out", async () => {
      const unit = SHARED_UNIT.split("\n").filter((line) => !line.includes("tls"));
      expect(unit.length).toBe(SHARED_UNIT.split("\n").length - 4);
      const { end } = await startedByUnit("proxied", unit.join("\n"), "minimal", [SERVICE, SERVICE, 0o400]);
      expect(end).toEqual(SERVES_PLAIN);
    });
  },
);
